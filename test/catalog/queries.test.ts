import { describe, expect, it } from 'vitest';
import { touches } from '../../src/catalog/keys.ts';
import * as queries from '../../src/catalog/queries.ts';
import { emptySnapshot, type Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { check, drop, node, play, put, register, service, sidecar, snapshotOf } from './registrations.ts';

const two = snapshotOf(
  register('n1', [service('web', { Tags: ['v1', 'a'] }), sidecar('web')], [check('n'), check('w', { ServiceID: 'web' })]),
  { type: 'register', dc: 'dc1', node: node('n2'), services: [service('web', { ID: 'web2', Tags: ['v2', 'a'] })] },
);

describe('queries', () => {
  it('list services with the tags of all instances', () => {
    expect(queries.services(two, 'dc1').value).toEqual({ web: ['a', 'v1', 'v2'], 'web-sidecar-proxy': [] });
  });

  it('give instances with their node, and the checks of the node before those of the service', () => {
    const [first, second] = queries.serviceInstances(two, 'dc1', 'WEB').value;
    expect([first?.node.Node, first?.checks.map((c) => c.CheckID)]).toEqual(['n1', ['n', 'w']]);
    expect([second?.node.Node, second?.service.ID, second?.checks]).toEqual(['n2', 'web2', []]);
  });

  it('find a service by its whole name only', () => {
    expect(queries.serviceInstances(two, 'dc1', 'we').value).toEqual([]);
    expect(queries.serviceInstances(two, 'dc2', 'web').value).toEqual([]);
  });

  it.each([
    ['its own check', check('s', { ServiceID: 'web-sidecar-proxy', Status: 'critical' }), 0],
    ['a check of its node', check('s', { Status: 'critical' }), 0],
    ['a check of another service', check('s', { ServiceID: 'web', Status: 'critical' }), 1],
    ['a warning', check('s', { ServiceID: 'web-sidecar-proxy', Status: 'warning' }), 1],
  ])('leave out a sidecar by health: %s', (_, failing, healthy) => {
    const { snapshot } = transact(two, register('n1', [], [failing]));
    expect(queries.healthyConnectEndpoints(snapshot, 'dc1', 'web')).toHaveLength(healthy);
    expect(queries.connectInstances(snapshot, 'dc1', 'web').value).toHaveLength(1);
  });

  it('leave out a sidecar that a subset does not hold', () => {
    const { snapshot } = transact(two, register('n1', [], [check('s', { ServiceID: 'web-sidecar-proxy', Status: 'warning' })]));
    const found = (filter: string, onlyPassing = false) =>
      queries.healthyConnectEndpoints(snapshot, 'dc1', 'web', { filter, onlyPassing }).length;
    expect([found(''), found('', true), found('Node.Node == n1'), found('Node.Node == n9'), found('no filter')]).toEqual([1, 0, 1, 0, 0]);
  });

  it('answer for names that are also properties of objects', () => {
    const s = snapshotOf(register('n1', [service('__proto__', { Tags: ['x'] }), service('constructor')]));
    expect(Object.entries(queries.services(s, 'dc1').value)).toEqual([
      ['__proto__', ['x']],
      ['constructor', []],
    ]);
  });

  it('list entries by kind and name', () => {
    const s = snapshotOf(put('service-defaults', 'b'), put('service-defaults', 'a'), put('proxy-defaults', 'global'));
    expect(queries.entries(s, 'dc1', 'service-defaults').value.map((e) => e.Name)).toEqual(['a', 'b']);
    expect(queries.entries(s, 'dc1').value.map((e) => e.Kind)).toEqual(['proxy-defaults', 'service-defaults', 'service-defaults']);
  });
});

describe('the index of a query', () => {
  it('is never 0', () => {
    expect(queries.nodes(emptySnapshot(), 'dc1').index).toBe(1);
    expect(queries.serviceInstances(emptySnapshot(), 'dc1', 'web').index).toBe(1);
  });

  it('of a service stays when another one changes', () => {
    const { snapshot } = play([register('n1', [service('db')])], two);
    expect(queries.serviceInstances(snapshot, 'dc1', 'web').index).toBe(queries.serviceInstances(two, 'dc1', 'web').index);
    expect(queries.services(snapshot, 'dc1').index).toBe(snapshot.index);
  });

  it('of a service that vanished is that of its end, and rises with other ends', () => {
    const gone = snapshotOf(register('n1', [service('web'), service('db')]), {
      type: 'deregister',
      dc: 'dc1',
      node: 'n1',
      serviceId: 'web',
    });
    expect(queries.serviceInstances(gone, 'dc1', 'web').index).toBe(2);
    expect(queries.serviceInstances(gone, 'dc1', 'never').index).toBe(2);
    expect(queries.serviceInstances(gone, 'dc1', 'db').index).toBe(1);
  });

  it('of config entries is shared by all kinds', () => {
    const s = snapshotOf(put('service-defaults', 'a'), put('proxy-defaults', 'global'), register('n1'));
    expect(queries.entry(s, 'dc1', 'service-defaults', 'a').index).toBe(2);
  });
});

describe('a watch', () => {
  type Ask = (s: Snapshot) => queries.QueryResult<unknown>;
  const asks: [string, Ask][] = [
    ['nodes', (s) => queries.nodes(s, 'dc1')],
    ['services', (s) => queries.services(s, 'dc1')],
    ['instances', (s) => queries.serviceInstances(s, 'dc1', 'web')],
    ['sidecars', (s) => queries.connectInstances(s, 'dc1', 'web')],
    ['checks of a service', (s) => queries.serviceChecks(s, 'dc1', 'web')],
    ['checks of a node', (s) => queries.nodeChecks(s, 'dc1', 'n1')],
    ['checks by state', (s) => queries.checksInState(s, 'dc1', 'critical')],
    ['services of a node', (s) => queries.nodeServices(s, 'dc1', 'n1')],
    ['an entry', (s) => queries.entry(s, 'dc1', 'service-defaults', 'web')],
    ['a kind', (s) => queries.entries(s, 'dc1', 'service-defaults')],
    ['all entries', (s) => queries.entries(s, 'dc1')],
  ];
  const ops: Op[] = [
    register('n1', [service('web')]),
    register('n1', [sidecar('web')], [check('c', { ServiceID: 'web' })]),
    { type: 'check-status', dc: 'dc1', node: 'n1', checkId: 'c', status: 'critical', output: 'x' },
    put('service-defaults', 'web'),
    { type: 'register', dc: 'dc1', node: node('n1', { Address: '127.0.0.2' }), checks: [check('n', { Status: 'critical' })] },
    put('proxy-defaults', 'global'),
    drop('service-defaults', 'web'),
    { type: 'deregister', dc: 'dc1', node: 'n1', checkId: 'c' },
    { type: 'deregister', dc: 'dc1', node: 'n1', serviceId: 'web-sidecar-proxy' },
    { type: 'deregister', dc: 'dc1', node: 'n1' },
  ];

  it.each(asks)('of %s wakes, with a higher index, whenever the answer changes', (_, ask) => {
    let s = emptySnapshot(['dc1']);
    let wakes = 0;
    for (const op of ops) {
      const before = ask(s);
      const { snapshot, changed } = transact(s, op);
      const after = ask(snapshot);
      if (JSON.stringify(after.value) !== JSON.stringify(before.value)) {
        expect([op, touches(changed, before.watch)]).toEqual([op, true]);
        expect(after.index).toBe(snapshot.index);
        wakes++;
      }
      s = snapshot;
    }
    expect(wakes).toBeGreaterThan(1);
  });
});
