import { describe, expect, it } from 'vitest';
import { briefly } from '../../src/blueprints/causes.ts';
import type { DesiredGraph, DesiredResource } from '../../src/blueprints/graph.ts';
import { type Action, plan, planDestroy } from '../../src/blueprints/plan.ts';
import { prepareRun } from '../../src/blueprints/preparation.ts';
import { applyRecord, applyRecords, emptyState, type ResourceRecord, type State } from '../../src/blueprints/state.ts';

const resource = (key: string, spec: unknown = {}, ...dependsOn: string[]): DesiredResource => {
  const [type = '', name = ''] = key.split('.');
  return { key, type, name, dependsOn, spec, definedAt: 'main.hcl:1' };
};

const graph = (...resources: DesiredResource[]): DesiredGraph => ({ blueprint: { id: '/v2', name: 'v2' }, resources });

const runs = (of: DesiredResource, more: Partial<ResourceRecord> = {}): ResourceRecord => ({
  resource: of,
  owners: ['/v2'],
  status: 'created',
  since: 0,
  ...more,
});

function stateOf(...records: ResourceRecord[]): State {
  const blueprints = [...new Set(records.flatMap((record) => record.owners))];
  const state = blueprints.reduce(
    (s, id) => applyRecord(s, { type: 'blueprint', blueprint: { id, name: id.slice(1) }, since: 0 }),
    emptyState,
  );
  return applyRecords(
    state,
    records.map((record) => ({ type: 'resource', record })),
  );
}

const describeAction = (action: Action): string => {
  const key = 'resource' in action ? action.resource.key : action.previous.resource.key;
  return action.kind === 'replace' ? `replace ${key}: ${briefly(action.causes)}` : `${action.kind} ${key}`;
};

const net = resource('network.local', { subnet: '10.5.0.0/16' });
const payments = resource('container.payments', { workload: { env: { MESSAGE: 'a' } } }, 'network.local');
const web = resource('container.web', {}, 'network.local', 'container.payments');
const changed = { ...payments, spec: { workload: { env: { MESSAGE: 'b' } } } };
const other = { owners: ['/other'] };

describe('a run', () => {
  it.each<[string, DesiredResource[], ResourceRecord[], string[]]>([
    ['nothing runs', [net, payments], [], ['create network.local', 'create container.payments']],
    ['all of it runs', [net, web], [runs(net), runs(web)], ['keep network.local', 'keep container.web']],
    ['another blueprint has it', [net], [runs(net, other)], ['share network.local']],
    ['something is not asked for any more', [net], [runs(net), runs(payments)], ['destroy container.payments', 'keep network.local']],
    ['what is dropped is shared', [], [runs(net, { owners: ['/v2', '/other'] })], ['disown network.local']],
    ['what others have is dropped by nobody', [], [runs(net, other)], []],
    [
      'several are dropped: dependents first',
      [],
      [runs(net), runs(payments), runs(web)],
      ['destroy container.web', 'destroy container.payments', 'destroy network.local'],
    ],
    [
      'an attribute changed',
      [net, changed, web],
      [runs(net), runs(payments), runs(web)],
      ['keep network.local', 'replace container.payments: workload.env.MESSAGE', 'replace container.web: container.payments'],
    ],
    ['a start was cut off', [net], [runs(net, { status: 'creating' })], ['replace network.local: it was left creating']],
    ['a removal was cut off', [net], [runs(net, { status: 'destroying' })], ['replace network.local: it was left destroying']],
    ['it failed', [net], [runs(net, { status: 'failed', error: 'no' })], ['replace network.local: it was left failed: no']],
    [
      'it failed, and another has it too',
      [net],
      [runs(net, { ...other, status: 'failed' })],
      ['replace network.local: it was left failed'],
    ],
  ])('when %s', (_when, wanted, records, actions) => {
    const result = plan(graph(...wanted), stateOf(...records));
    expect(result.actions.map(describeAction)).toEqual(actions);
    expect(result.conflicts).toEqual([]);
  });

  it.each<[unknown, unknown, string]>([
    [{ a: 1 }, { a: 2 }, 'a'],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, 'a.0.b'],
    [{ a: [1] }, { a: [1, 2] }, 'a.1'],
    [{}, { a: 1 }, 'a'],
    [{ a: 1 }, {}, 'a'],
    [{ a: {} }, { a: 'x' }, 'a'],
    [{ a: null }, { a: { b: 1 } }, 'a'],
  ])('names the changed attribute of %j -> %j', (before, after, path) => {
    const { actions } = plan(graph(resource('container.x', after)), stateOf(runs(resource('container.x', before))));
    expect(actions.map(describeAction)).toEqual([`replace container.x: ${path}`]);
  });

  it('is in conflict with another blueprint that has it otherwise, even one that shares it', () => {
    for (const owners of [['/other'], ['/v2', '/other']]) {
      const { actions, conflicts } = plan(graph(changed), stateOf(runs(payments, { owners })));
      expect(actions).toEqual([]);
      expect(conflicts.map((conflict) => [conflict.resource.key, conflict.owners.map(({ name }) => name)])).toEqual([
        ['container.payments', ['other']],
      ]);
    }
  });
});

describe('a destroy', () => {
  it('takes dependents first, and leaves to others what they have', () => {
    const state = stateOf(runs(net, { owners: ['/v2', '/other'] }), runs(payments), runs(web), runs(resource('output.o'), other));
    expect(planDestroy(new Set(['/v2']), state).map(describeAction)).toEqual([
      'destroy container.web',
      'destroy container.payments',
      'disown network.local',
    ]);
    expect(planDestroy(new Set(['/v2', '/other']), state).map(describeAction)).toEqual([
      'destroy output.o',
      'destroy container.web',
      'destroy container.payments',
      'destroy network.local',
    ]);
  });

  it('of nothing is nothing', () => {
    expect(planDestroy(new Set(['/v2']), emptyState)).toEqual([]);
  });
});

describe('a round that is not the last', () => {
  const deferred = (of: DesiredResource) => ({ key: of.key, dependsOn: of.dependsOn });

  it('leaves what waits as it is', () => {
    const { actions } = plan({ ...graph(net), deferred: [deferred(web)] }, stateOf(runs(net), runs(web)));
    expect(actions.map(describeAction)).toEqual(['keep network.local']);
  });

  it('takes away what waits when something goes that it was made for, directly or not', () => {
    const renewed = { ...net, spec: { subnet: '10.6.0.0/16' } };
    const { actions } = plan(
      { ...graph(renewed), deferred: [deferred(payments), deferred(resource('container.web', {}, 'container.payments'))] },
      stateOf(runs(net), runs(payments), runs(web)),
    );
    expect(actions.map(describeAction)).toEqual(['destroy container.web', 'destroy container.payments', 'replace network.local: subnet']);
  });
});

describe('a large blueprint', () => {
  it('of 5,000 resources is planned in well under a second, whatever has changed', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => resource(`output.c${i}`, { n: i }, ...(i % 10 === 0 ? [] : [`output.c${i - 1}`])));
    const state = stateOf(...many.map((one) => runs(one)));
    const present = { state, context: { apiPort: () => undefined, portHolder: () => Promise.resolve(undefined) }, isHealthy: () => true };
    const started = performance.now();
    for (const wanted of [many, many.map((one) => ({ ...one, spec: { n: -1 } })), many.slice(2500), []]) {
      const { actions } = await prepareRun(graph(...wanted), { ports: 'fixed' }, present);
      expect(actions).toHaveLength(5000);
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
