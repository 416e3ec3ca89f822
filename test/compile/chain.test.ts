import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import type { Op } from '../../src/catalog/types.ts';
import { compileChain } from '../../src/compile/chain.ts';
import type { ChainNode, ChainRequest } from '../../src/compile/chain-model.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const defaults = put('proxy-defaults', 'global', { Config: { protocol: 'HTTP' } });
const compile = (s: Snapshot = snapshotOf(), over: Partial<ChainRequest> = {}) => {
  const result = compileChain(s, { dc: 'dc1', service: 'payments', trustDomain: 'td.consul', ...over });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('a chain that nothing shapes', () => {
  it('exists for any name', () => {
    expect(compile()).toEqual({
      service: 'payments',
      datacenter: 'dc1',
      protocol: 'tcp',
      startNode: 'resolver:payments.default.default.dc1',
      nodes: {
        'resolver:payments.default.default.dc1': {
          type: 'resolver',
          id: 'resolver:payments.default.default.dc1',
          target: 'payments.default.default.dc1',
          connectTimeoutMs: 5000,
          requestTimeoutMs: undefined,
          isDefault: true,
          failover: [],
          loadBalancer: undefined,
        },
      },
      targets: {
        'payments.default.default.dc1': {
          id: 'payments.default.default.dc1',
          service: 'payments',
          subset: '',
          datacenter: 'dc1',
          peer: '',
          sni: 'payments.default.dc1.internal.td.consul',
          name: 'payments.default.dc1.internal.td.consul',
          filter: '',
          onlyPassing: false,
          connectTimeoutMs: 5000,
          meshGateway: '',
          dialedDirectly: false,
          external: false,
        },
      },
      isDefault: true,
      customizationHash: undefined,
      serviceMeta: {},
      envoyExtensions: [],
    });
  });

  it('has its targets where the upstream is', () => {
    const chain = compile(undefined, { evaluateInDc: 'dc2' });
    expect(chain.targets['payments.default.default.dc2']).toMatchObject({
      datacenter: 'dc2',
      sni: 'payments.default.dc2.internal.td.consul',
    });
    expect(Object.keys(chain.targets)).toHaveLength(1);
  });
});

describe('the protocol of a chain', () => {
  it.each([
    ['tcp without any entry', [], 'tcp'],
    ['of proxy-defaults', [defaults], 'http'],
    ['of service-defaults', [defaults, put('service-defaults', 'payments', { Protocol: 'grpc' })], 'grpc'],
    ['tcp when service-defaults has none, whatever proxy-defaults says', [defaults, put('service-defaults', 'payments')], 'tcp'],
    ['of another datacenter: not', [{ ...defaults, dc: 'dc2' }], 'tcp'],
  ])('is %s', (_, ops, protocol) => {
    expect(compile(snapshotOf(...ops)).protocol).toBe(protocol);
  });
});

describe('overrides of an upstream', () => {
  it('count, and mark the chain', () => {
    const chain = compile(undefined, { overrides: { protocol: 'http', connectTimeoutMs: 100 } });
    expect(chain).toMatchObject({ protocol: 'http', nodes: { [chain.startNode]: { connectTimeoutMs: 100 } } });
    expect(chain.customizationHash).toMatch(/^[0-9a-f]{8}$/);
    expect(compile(undefined, { overrides: { protocol: 'grpc' } }).customizationHash).not.toBe(chain.customizationHash);
  });

  it('leave no mark when they say what is so anyway', () => {
    expect(compile(undefined, { overrides: { protocol: 'tcp', connectTimeoutMs: 5000 } }).customizationHash).toBeUndefined();
  });
});

/** The chain of payments in an http mesh, in short. */
const shape = (...ops: Op[]) => {
  const chain = compile(snapshotOf(defaults, ...ops));
  const short = (id: string): string => id.replaceAll('.default.default', '').replace('resolver:', '').replace('.dc1', '');
  const nodeText = (node: ChainNode): unknown => {
    if (node.type === 'router') return node.routes.map((route) => short(route.next));
    if (node.type === 'splitter') return node.splits.map((split) => `${split.weight} ${short(split.next)}`);
    return [short(node.target), ...node.failover.map((id) => `else ${short(id)}`)].join(', ');
  };
  const nodes = Object.fromEntries(Object.values(chain.nodes).map((node) => [short(node.id), nodeText(node)]));
  return { start: short(chain.startNode), nodes, targets: Object.keys(chain.targets).map(short) };
};
const refused = (...ops: Op[]): string => {
  const result = compileChain(snapshotOf(defaults, ...ops), { dc: 'dc1', service: 'payments', trustDomain: 'td' });
  return result.ok ? 'compiles' : result.error.message;
};
const splitter = (name: string, ...splits: [number, string, object?][]): Op =>
  put('service-splitter', name, {
    Splits: splits.map(([Weight, to, more]) => {
      const [Service, ServiceSubset] = to.split('/');
      return { Weight, ...(Service ? { Service } : {}), ...(ServiceSubset ? { ServiceSubset } : {}), ...more };
    }),
  });
const subsets = { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2', OnlyPassing: true } };

describe('resolvers', () => {
  it('lead to the default subset, with its filter and timeouts', () => {
    const op = put('service-resolver', 'payments', { Subsets: subsets, DefaultSubset: 'v2', ConnectTimeout: '1s', RequestTimeout: '2s' });
    const chain = compile(snapshotOf(op));
    expect(chain).toMatchObject({
      startNode: 'resolver:v2.payments.default.default.dc1',
      isDefault: false,
      nodes: { 'resolver:v2.payments.default.default.dc1': { connectTimeoutMs: 1000, requestTimeoutMs: 2000, isDefault: false } },
      targets: {
        'v2.payments.default.default.dc1': {
          subset: 'v2',
          filter: 'Service.Meta.version == 2',
          onlyPassing: true,
          sni: 'v2.payments.default.dc1.internal.td.consul',
        },
      },
    });
  });

  it('follow redirects, over services, subsets and datacenters', () => {
    const redirect = (name: string, to: object) => put('service-resolver', name, { Redirect: to });
    expect(shape(redirect('payments', { Service: 'a' }), redirect('a', { Datacenter: 'dc2' })).start).toBe('a.dc2');
    expect(
      shape(put('service-resolver', 'a', { Subsets: subsets }), redirect('payments', { Service: 'a', ServiceSubset: 'v1' })).start,
    ).toBe('v1.a');
    expect(compile(snapshotOf(redirect('payments', { Service: 'a' }))).isDefault).toBe(false);
    expect(refused(redirect('payments', { Service: 'a' }), redirect('a', { Service: 'payments' }))).toBe(
      'detected circular resolver redirect: [payments.default.default.dc1 -> a.default.default.dc1 -> payments.default.default.dc1]',
    );
  });

  it.each<[string, object, string]>([
    ['a service', { '*': { Service: 'b' } }, 'v1.payments, else b'],
    ['a subset', { '*': { ServiceSubset: 'v2' } }, 'v1.payments, else v2.payments'],
    [
      'datacenters but not itself',
      { '*': { Datacenters: ['dc2', 'dc1', 'dc3'] } },
      'v1.payments, else v1.payments.dc2, else v1.payments.dc3',
    ],
    [
      'targets in their order',
      { '*': { Targets: [{ Service: 'b', Datacenter: 'dc2' }, { ServiceSubset: 'v2' }] } },
      'v1.payments, else b.dc2, else v2.payments',
    ],
    ['what the subset says rather than the wildcard', { '*': { Service: 'b' }, v1: { Service: 'c' } }, 'v1.payments, else c'],
    ['nothing when only another subset says so', { v2: { Service: 'b' } }, 'v1.payments'],
    ['where a redirect leads', { '*': { Service: 'r' } }, 'v1.payments, else b'],
  ])('fail over to %s', (_, Failover, expected) => {
    const own = put('service-resolver', 'payments', { Subsets: subsets, DefaultSubset: 'v1', Failover });
    expect(shape(own, put('service-resolver', 'r', { Redirect: { Service: 'b' } })).nodes).toEqual({ 'v1.payments': expected });
  });

  it('do not fail over from what was failed over to', () => {
    const mutual = (name: string, to: string) => put('service-resolver', name, { Failover: { '*': { Service: to } } });
    expect(shape(mutual('payments', 'b'), mutual('b', 'payments'))).toEqual({
      start: 'payments',
      nodes: { payments: 'payments, else b' },
      targets: ['b', 'payments'],
    });
  });

  it('that say nothing leave the default', () => {
    expect(compile(snapshotOf(put('service-resolver', 'payments', { Meta: { a: 'b' } }))).isDefault).toBe(true);
  });

  it('cannot shape what lies outside the mesh', () => {
    const external = put('service-defaults', 'payments', { Protocol: 'http', ExternalSNI: 'api.example' });
    expect(compile(snapshotOf(external)).targets['payments.default.default.dc1']).toMatchObject({ sni: 'api.example', external: true });
    expect(refused(external, put('service-resolver', 'payments', { Subsets: subsets }))).toBe(
      'service "payments" has an external SNI set; cannot define subsets for external services',
    );
  });
});

describe('splitters', () => {
  it('lead to subsets and services, and those of services are divided up', () => {
    const own = put('service-resolver', 'payments', { Subsets: subsets });
    const result = shape(
      own,
      splitter('payments', [33.33, '/v1'], [66.67, 'b']),
      splitter('b', [50, 'b'], [25, 'payments/v2'], [25, 'c']),
      splitter('c', [100, 'd']),
    );
    expect(result).toEqual({
      start: 'splitter:payments',
      nodes: {
        'splitter:payments': ['33.33 v1.payments', '33.34 b', '16.67 v2.payments', '16.67 d'],
        'v1.payments': 'v1.payments',
        'v2.payments': 'v2.payments',
        b: 'b',
        d: 'd',
      },
      targets: ['b', 'd', 'v1.payments', 'v2.payments'],
    });
  });

  it('pass header edits on: the request sees the outer ones first, the answer last', () => {
    const edits = (value: string) => ({ RequestHeaders: { Set: { a: value }, Remove: [value] }, ResponseHeaders: { Set: { a: value } } });
    const chain = compile(
      snapshotOf(defaults, splitter('payments', [100, 'b', edits('outer')]), splitter('b', [100, 'b', edits('inner')])),
    );
    const node = chain.nodes[chain.startNode];
    expect(node?.type === 'splitter' && node.splits[0]?.definition).toMatchObject({
      RequestHeaders: { Set: { a: 'inner' }, Remove: ['outer', 'inner'] },
      ResponseHeaders: { Set: { a: 'outer' } },
    });
  });

  it('must not lead back', () => {
    expect(refused(splitter('payments', [100, 'b']), splitter('b', [100, 'payments']))).toBe(
      'detected circular reference: [splitter:payments.default.default -> splitter:b.default.default -> splitter:payments.default.default]',
    );
    expect(refused(splitter('payments', [100, 'payments']))).toBe('compiles');
  });
});

describe('routers', () => {
  const router = (...destinations: object[]) =>
    put('service-router', 'payments', { Routes: destinations.map((Destination) => ({ Destination })) });

  it('lead to splitters, unless a subset is named, and end with the service itself', () => {
    const own = put('service-resolver', 'payments', { Subsets: subsets });
    expect(shape(own, router({ Service: 'b' }, { ServiceSubset: 'v2' }), splitter('b', [100, 'b']), put('service-router', 'b'))).toEqual({
      start: 'router:payments',
      nodes: {
        'router:payments': ['splitter:b', 'v2.payments', 'payments'],
        'splitter:b': ['100 b'],
        b: 'b',
        'v2.payments': 'v2.payments',
        payments: 'payments',
      },
      targets: ['b', 'payments', 'v2.payments'],
    });
  });

  it('do not count for an upstream that carries bytes', () => {
    const s = snapshotOf(defaults, router({ Service: 'b' }), splitter('payments', [100, 'c']));
    expect(compile(s, { overrides: { protocol: 'tcp' } })).toMatchObject({
      protocol: 'tcp',
      startNode: 'resolver:payments.default.default.dc1',
    });
    expect(compile(s, { overrides: { protocol: 'grpc' } }).startNode).toBe('router:payments.default.default');
  });
});

describe('what contradicts', () => {
  const tcp = (name: string) => put('service-defaults', name, { Protocol: 'tcp' });
  it.each<[string, Op[], string]>([
    [
      'routes for bytes',
      [tcp('payments'), put('service-router', 'payments')],
      'discovery chain "payments" uses a protocol "tcp" that does not permit advanced routing or splitting behavior',
    ],
    [
      'splits for bytes',
      [tcp('payments'), splitter('payments', [100, 'payments'])],
      'discovery chain "payments" uses a protocol "tcp" that does not permit advanced routing or splitting behavior',
    ],
    ['an unknown subset', [splitter('payments', [100, '/v9'])], 'service "payments" does not have a subset named "v9"'],
    [
      'failover to another protocol',
      [put('service-resolver', 'payments', { Failover: { '*': { Service: 'b' } } }), tcp('b')],
      'discovery chain "payments" uses inconsistent protocols; service "b" has "tcp" which is not "http"',
    ],
  ])('%s', (_, ops, message) => {
    expect(refused(...ops)).toBe(message);
  });
});

describe('any entries', () => {
  const name = fc.constantFrom('payments', 'b', 'c', 'B');
  const to = fc.record({ Service: fc.option(name, { nil: undefined }), ServiceSubset: fc.constantFrom(undefined, 'v') });
  const target = to.map((t) => Object.fromEntries(Object.entries(t).filter(([, value]) => value !== undefined)));
  const op: fc.Arbitrary<Op> = fc.oneof(
    fc
      .record({
        name,
        Routes: fc.array(
          target.map((Destination) => ({ Destination })),
          { maxLength: 3 },
        ),
      })
      .map((r) => put('service-router', r.name, { Routes: r.Routes })),
    fc
      .record({ name, one: target, two: target })
      .map(({ name, one, two }) => splitterOf(name, { ...one, Weight: 33.33, RequestHeaders: {} }, { ...two, Weight: 66.67 })),
    fc
      .record({ name, other: name, dc: fc.constantFrom('dc1', 'dc2') })
      .map(({ name, other, dc }) => put('service-resolver', name, { Redirect: { Service: other, Datacenter: dc } })),
    fc.record({ name, other: name, DefaultSubset: fc.constantFrom('', 'v') }).map(({ name, other, DefaultSubset }) =>
      put('service-resolver', name, {
        DefaultSubset,
        Subsets: { v: {} },
        Failover: { '*': { Targets: [{ Service: other }, { Datacenter: 'dc2' }] } },
      }),
    ),
  );
  const splitterOf = (of: string, ...Splits: object[]): Op => put('service-splitter', of, { Splits });

  it('end in a contradiction, or in a chain in which all that is named is there and used', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 8 }), (ops) => {
        const result = compileChain(snapshotOf(defaults, ...ops), { dc: 'dc1', service: 'payments', trustDomain: 'td' });
        if (!result.ok) return;
        const { nodes, targets, startNode } = result.value;
        const all = Object.values(nodes);
        const next = all.flatMap((node) =>
          (node.type === 'router' ? node.routes : node.type === 'splitter' ? node.splits : []).map((one) => one.next),
        );
        expect(new Set(Object.keys(nodes))).toEqual(new Set([startNode, ...next]));
        const meant = all.flatMap((node) => (node.type === 'resolver' ? [node.target, ...node.failover] : []));
        expect(new Set(Object.keys(targets))).toEqual(new Set(meant));
        for (const node of all) {
          if (node.type !== 'splitter') continue;
          expect(node.splits.every((one) => nodes[one.next]?.type === 'resolver')).toBe(true);
          const sum = node.splits.reduce((total, one) => total + one.weight, 0);
          expect(Math.abs(sum - 100)).toBeLessThan(0.01 * node.splits.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
