import { describe, expect, it } from 'vitest';
import { checkCalls, type LoweredResource } from '../../src/blueprints/calls.ts';

const service = (name: string) => ({ name, id: `${name}-1` });
const resource = (key: string, spec: unknown): LoweredResource => ({ key, type: key.split('.', 1)[0]!, spec });

const HERE = resource('container.web', { services: [service('web')] });
const POD = { pod: { services: [service('payments')] } };
const CLUSTER = resource('k8s_config.shop', {
  datacenter: 'azure',
  sets: [POD],
  jobs: [],
  services: [{ name: 'postgres', namespace: 'default' }],
});
const SERVER = resource('container.hcs', { services: [], consul: { datacenter: 'azure', entries: [] } });

/** What is said of one call of `container.web`. */
function said(call: { service: string; datacenter?: string }, ...others: readonly LoweredResource[]): unknown[] {
  const calls = new Map([['container.web', [{ datacenter: '', at: undefined, ...call }]]]);
  return checkCalls(calls, [HERE, ...others]);
}

describe('a call', () => {
  it('of a service that is provided, in the datacenter that it means, is nothing to speak of', () => {
    expect(said({ service: 'web' })).toEqual([]);
    expect(said({ service: 'payments', datacenter: 'azure' }, CLUSTER)).toEqual([]);
    expect(said({ service: 'db' }, resource('sidecar.db', { services: [service('db')] }))).toEqual([]);
  });

  it('of one that nothing provides is a warning, with the nearest name', () => {
    expect(said({ service: 'wbe' })).toMatchObject([
      { severity: 'warning', summary: 'there is no service "wbe", here or in what runs', hint: 'did you mean "web"?' },
    ]);
  });

  it('does not see Services of a cluster', () => {
    expect(said({ service: 'postgres', datacenter: 'azure' }, CLUSTER)).toMatchObject([
      { summary: 'there is no service "postgres" in datacenter azure, here or in what runs' },
    ]);
  });

  it('of one that another datacenter has says so', () => {
    expect(said({ service: 'payments' }, CLUSTER)).toMatchObject([
      { summary: 'there is no service "payments" in datacenter dc1, here or in what runs', hint: 'did you mean that of datacenter azure?' },
    ]);
  });

  it('of an unknown datacenter names those that there are', () => {
    expect(said({ service: 'web', datacenter: 'dc9' }, SERVER)).toMatchObject([
      { summary: 'there is no datacenter "dc9"', detail: 'there are: dc1, azure', hint: 'did you mean "dc1"?' },
    ]);
  });

  it('of a datacenter without services, as a server has been started, is one of an unknown service', () => {
    expect(said({ service: 'web', datacenter: 'azure' }, SERVER)).toMatchObject([{ hint: 'did you mean that of datacenter dc1?' }]);
  });

  it.each(['service-resolver', 'service-router', 'service-splitter'])('may mean a name that only a %s has', (Kind) => {
    const entries = [{ Kind, Name: 'api' }];
    expect(said({ service: 'api' }, resource('container.other', { services: [], entries }))).toEqual([]);
    expect(
      said({ service: 'api' }, resource('container.other', { services: [], entries: [{ Kind: 'service-defaults', Name: 'api' }] })),
    ).toHaveLength(1);
    const server = resource('container.hcs', { services: [], consul: { datacenter: 'azure', entries } });
    expect(said({ service: 'api', datacenter: 'azure' }, server)).toEqual([]);
  });

  it('means the datacenter of its caller if it names none', () => {
    const calls = new Map([['k8s_config.shop', [{ service: 'payments', datacenter: '', at: undefined }]]]);
    expect(checkCalls(calls, [HERE, CLUSTER])).toEqual([]);
  });
});
