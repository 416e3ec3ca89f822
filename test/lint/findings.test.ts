import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../src/api/finding.ts';
import type { Op } from '../../src/catalog/types.ts';
import { findingsOf } from '../../src/lint/findings.ts';
import { check, node, put, putQuery, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

/** `error upstream: …`, those of one code alone if it is given. */
const found = (ops: Op[], ...codes: FindingCode[]): string[] =>
  findingsOf(snapshotOf(...ops))
    .filter(({ code }) => codes.length === 0 || codes.includes(code))
    .map(({ severity, code, summary, path }) => `${severity} ${code}${path === undefined ? '' : ` at ${path}`}: ${summary}`);

const WEB = register('n1', [service('web'), sidecar('web', [upstream('payments', 9091)])]);
const PAYMENTS = register('n2', [service('payments', { Node: 'n2' }), sidecar('payments', [], { Node: 'n2' })]);
const HTTP = put('service-defaults', 'payments', { Protocol: 'http' });
const WEB_HTTP = put('service-defaults', 'web', { Protocol: 'http' });

const failing = (status: 'critical' | 'warning', more: object = {}): Op =>
  register(
    'n2',
    [],
    [
      check('service:payments', {
        Node: 'n2',
        ServiceID: 'payments',
        ServiceName: 'payments',
        Status: status,
        Output: 'refused\u001b[31m\n here',
        ...more,
      }),
      check('alias', { Node: 'n2', ServiceID: 'payments-sidecar-proxy', ServiceName: 'payments-sidecar-proxy', Status: status }),
    ],
  );

it('has nothing to say of a mesh that works', () => {
  expect(found([WEB, PAYMENTS, HTTP, put('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'allow' }] })])).toEqual([]);
});

describe('services', () => {
  it.each<[string, Op[], string[]]>([
    ['all pass', [PAYMENTS, failing('critical', { Status: 'passing' })], []],
    [
      'all fail',
      [PAYMENTS, failing('critical')],
      ['error unhealthy: payments: its instance is not healthy: payments: check "service:payments" is critical (refused [31m here)'],
    ],
    [
      'one warns',
      [PAYMENTS, failing('warning')],
      ['warning unhealthy: payments: its instance is not healthy: payments: check "service:payments" is warning (refused [31m here)'],
    ],
    [
      'one of two fails',
      [PAYMENTS, failing('critical'), register('n3', [service('payments', { Node: 'n3' })])],
      [
        'warning unhealthy: payments: 1 of its 2 instances is not healthy: payments: check "service:payments" is critical (refused [31m here)',
      ],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'unhealthy')).toEqual(expected);
  });
});

describe('upstreams', () => {
  const to = (name: string, more: object = {}) => register('n1', [service('web'), sidecar('web', [upstream(name, 9091, more)])]);
  const resolver = (fields: object) => put('service-resolver', 'payments', fields);
  it.each<[string, Op[], string[]]>([
    ['lead somewhere', [WEB, PAYMENTS], []],
    [
      'name nobody',
      [to('paymnets'), PAYMENTS],
      ['error upstream: upstream paymnets of web leads nowhere: no service paymnets is registered'],
    ],
    [
      'name a service without a sidecar',
      [WEB, register('n2', [service('payments', { Node: 'n2' })])],
      ['error upstream: upstream payments of web leads nowhere: payments has no sidecar'],
    ],
    [
      'name a service that is ill',
      [WEB, PAYMENTS, failing('critical')],
      [
        'error upstream: upstream payments of web leads nowhere: no instance of payments is healthy: payments: check "service:payments" is critical (refused [31m here)',
      ],
    ],
    ['only warn', [WEB, PAYMENTS, failing('warning')], []],
    [
      'a subset of nobody',
      [WEB, PAYMENTS, resolver({ DefaultSubset: 'v2', Subsets: { v2: { Filter: 'Service.Meta.version == 2' } } })],
      [
        'error upstream: upstream payments of web leads nowhere: subset v2 of payments, to which entries lead, is out of reach: the filter of subset v2 of payments (Service.Meta.version == 2) matches none of its instance',
      ],
    ],
    [
      'a redirect to nobody',
      [WEB, PAYMENTS, resolver({ Redirect: { Service: 'billing' } })],
      [
        'error upstream: upstream payments of web leads nowhere: billing, to which entries lead, is out of reach: no service billing is registered',
      ],
    ],
    [
      'a failover stands in',
      [
        WEB,
        resolver({ Failover: { '*': { Service: 'backup' } } }),
        register('n3', [service('backup', { Node: 'n3' }), sidecar('backup', [], { Node: 'n3' })]),
      ],
      ['warning upstream: upstream payments of web has to use its failover backup: no service payments is registered'],
    ],
    [
      'a part of nothing leads nowhere',
      [
        WEB,
        PAYMENTS,
        HTTP,
        put('service-splitter', 'payments', { Splits: [{ Weight: 100 }, { Weight: 0, Service: 'gone' }] }),
        put('service-defaults', 'gone', { Protocol: 'http' }),
      ],
      [],
    ],
    [
      'a part leads nowhere',
      [
        WEB,
        PAYMENTS,
        HTTP,
        put('service-splitter', 'payments', { Splits: [{ Weight: 90 }, { Weight: 10, Service: 'gone' }] }),
        put('service-defaults', 'gone', { Protocol: 'http' }),
      ],
      [
        'error upstream: upstream payments of web leads nowhere: gone, to which entries lead, is out of reach: no service gone is registered',
      ],
    ],
    [
      'another datacenter that is none',
      [to('payments', { Datacenter: 'dc7' }), PAYMENTS],
      ['error upstream: upstream payments?dc=dc7 of web leads nowhere: there is no datacenter dc7'],
    ],
    ['a prepared query', [to('all', { DestinationType: 'prepared_query' }), putQuery('all', { Service: 'payments' }), PAYMENTS], []],
    [
      'a prepared query that is none',
      [to('all', { DestinationType: 'prepared_query' })],
      ['error upstream: upstream all of web is a prepared query, and there is none of that name'],
    ],
    ['another mesh', [to('payments', { DestinationPeer: 'east' })], []],
    [
      'a port of nothing',
      [register('n1', [service('web'), sidecar('web', [upstream('payments', 0)])]), PAYMENTS],
      [
        "error upstream: upstream payments of web can't be served: upstream local bind port or local socket path must be defined and nonzero",
      ],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'upstream')).toEqual(expected);
  });

  it('suggest the name that was meant', () => {
    const [first] = findingsOf(snapshotOf(to('paymnets'), PAYMENTS));
    expect(first).toMatchObject({
      fix: 'register paymnets, or correct the name (did you mean payments?)',
      about: { kind: 'sidecar', name: 'dc1/n1/web-sidecar-proxy', service: 'web' },
      datacenter: 'dc1',
    });
  });
});

describe('protocols', () => {
  const saying = (protocol: string) =>
    register('n1', [service('web'), sidecar('web', [upstream('payments', 9091, { Config: { protocol } })])]);
  it.each<[string, Op[], string[]]>([
    ['both http', [saying('http'), PAYMENTS, HTTP], []],
    [
      'http to tcp',
      [saying('http'), PAYMENTS],
      [
        'warning protocol: upstream payments of web is to speak http, but payments speaks tcp: its side sees requests, the other one bytes: neither permissions nor tokens can be asked for',
      ],
    ],
    [
      'tcp to http',
      [saying('tcp'), PAYMENTS, HTTP],
      ['warning protocol: upstream payments of web is to speak tcp, but payments speaks http: calls are neither routed nor split'],
    ],
    [
      'by service-defaults of the caller',
      [
        WEB,
        PAYMENTS,
        put('service-defaults', 'web', { Protocol: 'http', UpstreamConfig: { Overrides: [{ Name: 'payments', Protocol: 'grpc' }] } }),
        HTTP,
      ],
      ['warning protocol: upstream payments of web is to speak grpc, but payments speaks http: requests may not be understood'],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'protocol')).toEqual(expected);
  });

  it('keep what the entry says besides, when they are mended', () => {
    const defaults = put('service-defaults', 'payments', { MaxInboundConnections: 7 });
    const { fix } = findingsOf(snapshotOf(saying('http'), PAYMENTS, defaults)).find(({ code }) => code === 'protocol')!;
    expect(fix).toBe(
      `echo '{"Kind":"service-defaults","Name":"payments","Protocol":"http","MaxInboundConnections":7}' | mesh config write -`,
    );
  });
});

/** Past the checks of a write, as a log from elsewhere may have it. */
describe('contradictions', () => {
  it.each<[string, Op[], string[]]>([
    ['a router of http', [HTTP, PAYMENTS, put('service-router', 'payments', {})], []],
    [
      'a router of tcp',
      [PAYMENTS, put('service-router', 'payments', {})],
      ['error contradiction: discovery chain "payments" uses a protocol "tcp" that does not permit advanced routing or splitting behavior'],
    ],
    [
      'a subset that is none',
      [PAYMENTS, HTTP, put('service-splitter', 'payments', { Splits: [{ Weight: 100, ServiceSubset: 'v9' }] })],
      ['error contradiction at Splits[0].ServiceSubset: service "payments" does not have a subset named "v9"'],
    ],
    [
      'permissions of tcp',
      [
        WEB,
        PAYMENTS,
        put('service-intentions', 'payments', { Sources: [{ Name: 'web', Permissions: [{ Action: 'deny', HTTP: { PathPrefix: '/' } }] }] }),
      ],
      [
        'error contradiction at Sources[web].Permissions: service "payments" has protocol "tcp", which is incompatible with L7 intentions permissions',
      ],
    ],
    [
      'a listener of another protocol',
      [
        PAYMENTS,
        HTTP,
        put('ingress-gateway', 'front', { Listeners: [{ Port: 8080, Protocol: 'grpc', Services: [{ Name: 'payments' }] }] }),
      ],
      [
        'error contradiction at Listeners[0].Protocol: service "payments" has protocol "http", which does not match defined listener protocol "grpc"',
      ],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'contradiction')).toEqual(expected);
  });

  it('say which protocol to write', () => {
    const [first] = findingsOf(snapshotOf(PAYMENTS, put('service-router', 'payments', {})));
    expect(first).toMatchObject({
      about: { kind: 'service-router', name: 'payments' },
      fix: `echo '{"Kind":"service-defaults","Name":"payments","Protocol":"http"}' | mesh config write -`,
    });
  });
});

describe('intentions', () => {
  const intentions = (name: string, ...Sources: object[]) => put('service-intentions', name, { Sources });
  const from = (Name: string, Action = 'allow') => ({ Name, Action });
  const prefix = (PathPrefix: string, Action = 'allow', more: object = {}) => ({ Action, HTTP: { PathPrefix, ...more } });
  it.each<[string, Op[], string[]]>([
    ['match', [WEB, PAYMENTS, intentions('payments', from('web'), from('*', 'deny')), intentions('*', from('*', 'deny'))], []],
    [
      'of a caller that is not there',
      [WEB, PAYMENTS, intentions('payments', from('wbe'))],
      [
        'warning intention at Sources[wbe]: intention wbe => payments never matches: no service wbe is registered (did you mean web?), so it never calls',
      ],
    ],
    [
      'of a destination that is not there',
      [WEB, PAYMENTS, intentions('gone', from('web'))],
      ['warning intention at Sources[web]: intention web => gone never matches: no service gone is registered, so nobody can call it'],
    ],
    [
      'of a name that is routed',
      [WEB, PAYMENTS, put('service-resolver', 'gone', { Redirect: { Service: 'payments' } }), intentions('gone', from('web'))],
      [],
    ],
    ['of a gateway', [WEB, register('n1', [service('front', { Kind: 'ingress-gateway' })]), intentions('web', from('front'))], []],
    [
      'hidden by one of higher precedence',
      [WEB, PAYMENTS, intentions('payments', from('*', 'deny')), intentions('*', from('web'))],
      [
        'warning intention at Sources[web]: web => * (allow, precedence 6) never decides about calls of payments: * => payments (deny, precedence 8) comes first',
      ],
    ],
    [
      'with a permission that a former one covers',
      [
        WEB,
        PAYMENTS,
        HTTP,
        intentions('payments', {
          Name: 'web',
          Permissions: [prefix('/a'), prefix('/a/b', 'deny', { Methods: ['GET'] }), prefix('/', 'deny')],
        }),
      ],
      [
        'warning caution at Sources[0].Permissions[1]: service-intentions payments: Sources[0].Permissions[1] is never asked: Sources[0].Permissions[0] comes first and matches all that it does',
      ],
    ],
    [
      'with permissions from narrow to wide',
      [
        WEB,
        PAYMENTS,
        HTTP,
        intentions('payments', { Name: 'web', Permissions: [prefix('/a/b', 'deny'), prefix('/a'), prefix('/', 'deny')] }),
      ],
      [],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'intention', 'caution')).toEqual(expected);
  });
});

describe('entries without an effect', () => {
  const subsets = { Subsets: { v1: { Filter: 'Service.Meta.v == 1' } } };
  const splitter = put('service-splitter', 'web', { Splits: [{ Weight: 100, Service: 'payments' }] });
  it.each<[string, Op[], string[]]>([
    ['of a service', [PAYMENTS, HTTP], []],
    [
      'of nobody',
      [put('service-defaults', 'gone', { Protocol: 'http' }), put('service-router', 'gone', {})],
      [
        'warning unused: service-defaults gone has no effect: no service of that name is registered, and nothing leads there',
        'warning unused: service-router gone has no effect: no service of that name is registered, and nothing leads there',
      ],
    ],
    ['of a name that is an upstream', [WEB, put('service-resolver', 'payments', { Redirect: { Service: 'web' } })], []],
    ['of what a splitter leads to', [HTTP, WEB_HTTP, register('n1', [service('web')]), splitter], []],
    [
      'of a gateway',
      [
        put('ingress-gateway', 'front', { Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'payments' }] }] }),
        HTTP,
        register('n1', [service('front', { Kind: 'ingress-gateway' })]),
      ],
      [],
    ],
    ['of an address', [put('service-defaults', 'outside', { Destination: { Addresses: ['1.2.3.4'], Port: 443 } })], []],
    [
      'a subset to which nothing leads',
      [PAYMENTS, put('service-resolver', 'payments', subsets)],
      [
        'warning unused at Subsets[v1]: nothing leads to subset v1 of payments: no route, split, redirect or failover names it, and it is not the default',
      ],
    ],
    ['a subset that is the default', [PAYMENTS, put('service-resolver', 'payments', { ...subsets, DefaultSubset: 'v1' })], []],
    [
      'a subset of a split',
      [
        PAYMENTS,
        HTTP,
        put('service-resolver', 'payments', subsets),
        put('service-splitter', 'payments', { Splits: [{ Weight: 100, ServiceSubset: 'v1' }] }),
      ],
      [],
    ],
    [
      'a gateway that nobody runs',
      [
        PAYMENTS,
        HTTP,
        put('ingress-gateway', 'front', { Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'payments' }] }] }),
      ],
      ['warning unused: no gateway runs for ingress-gateway front: nothing listens'],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'unused')).toEqual(expected);
  });
});

describe('names in entries', () => {
  const route = (Service: string) =>
    put('service-router', 'payments', { Routes: [{ Match: { HTTP: { PathPrefix: '/x' } }, Destination: { Service } }] });
  it.each<[string, Op[], string[]]>([
    ['of services', [PAYMENTS, HTTP, WEB, WEB_HTTP, route('web')], []],
    [
      'of nobody',
      [PAYMENTS, HTTP, WEB, WEB_HTTP, put('service-defaults', 'wbe', { Protocol: 'http' }), route('wbe')],
      [
        'warning reference at Routes[0].Destination.Service: service-router payments leads to wbe, and no service of that name is registered',
      ],
    ],
    [
      'behind a terminating gateway',
      [
        put('terminating-gateway', 'out', { Services: [{ Name: 'bank' }] }),
        register('n1', [service('out', { Kind: 'terminating-gateway' })]),
      ],
      ['warning reference at Services[0]: terminating-gateway out leads to bank, and no service of that name is registered'],
    ],
  ])('%s', (_, ops, expected) => {
    expect(found(ops, 'reference')).toEqual(expected);
  });
});

it('looks at every datacenter', () => {
  const elsewhere: Op = {
    type: 'register',
    dc: 'dc2',
    node: node('m1'),
    services: [service('a', { Node: 'm1' }), sidecar('a', [upstream('b', 1)], { Node: 'm1' })],
  };
  expect(findingsOf(snapshotOf(WEB, PAYMENTS, elsewhere)).map(({ datacenter, code }) => [datacenter, code])).toEqual([['dc2', 'upstream']]);
});
