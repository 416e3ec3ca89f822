import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExplainRequest, Explanation } from '../../src/api/explanation.ts';
import { explanationText } from '../../src/app/cli/explain-view.ts';
import type { Op, ProxyUpstream, Service } from '../../src/catalog/types.ts';
import { allowCommand } from '../../src/control/http/allow-command.ts';
import { explain } from '../../src/explain/explain.ts';
import type { ExplainContext } from '../../src/explain/walk.ts';
import { styleOf } from '../../src/ui/style.ts';
import { check, node, put, putQuery, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const OPTIONS = { trustDomain: 'x.consul', extraLoopback: false } as const;

const web = (upstreams: ProxyUpstream[] = [upstream('payments', 9091)]): Op => register('n1', [service('web'), sidecar('web', upstreams)]);
const instance = (of: string, on: string, over: Partial<Service> = {}, Status: 'passing' | 'critical' = 'passing'): Op => ({
  type: 'register',
  dc: 'dc1',
  node: node(on),
  services: [service(of, { Node: on, ...over }), sidecar(of, [], { Node: on, ...over })],
  checks: [
    check('alive', { Node: on, ServiceID: `${of}-sidecar-proxy`, Status, Output: Status === 'critical' ? 'connection refused\n' : '' }),
  ],
});
const gateway = (Kind: string, name: string): Op => register('g1', [service(name, { Node: 'g1', Kind, Port: 8443 })]);
const http = (...services: string[]): Op[] => services.map((name) => put('service-defaults', name, { Protocol: 'http' }));
const intentions = (name: string, Sources: object[], more: object = {}): Op => put('service-intentions', name, { Sources, ...more });

const versions = [
  instance('payments', 'p1', { Meta: { version: '1' } }),
  instance('payments', 'p2', { Meta: { version: '2' } }),
  put('service-resolver', 'payments', {
    DefaultSubset: 'v1',
    Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2', OnlyPassing: true } },
  }),
];
const router = put('service-router', 'payments', {
  Routes: [
    {
      Match: { HTTP: { PathPrefix: '/currency', Methods: ['GET'] } },
      Destination: { Service: 'currency', PrefixRewrite: '/', NumRetries: 2, RetryOnStatusCodes: [503] },
    },
    {
      Match: { HTTP: { Header: [{ Name: 'X-Group', Exact: 'dev' }] } },
      Destination: { ServiceSubset: 'v2', RequestTimeout: '5s', RequestHeaders: { Set: { 'x-version': '2' } } },
    },
  ],
});

function explained(ops: readonly Op[], asked: Partial<ExplainRequest>): Explanation {
  const files: Record<string, { path: string; line: number }> = { 'service-router payments': { path: '/shop/router.hcl', line: 2 } };
  const fileOf = (_dc: string, kind: string, name: string) => files[`${kind} ${name}`];
  const allow: ExplainContext['allow'] = (allowance) => allowCommand(allowance, undefined);
  const context = { snapshot: snapshotOf(...ops), dc: 'dc1', options: OPTIONS, now: 0, fileOf, allow };
  const found = explain(context, { source: 'web', destination: 'payments', ...asked });
  if (!found.ok) throw new Error([found.error.message, found.error.hint].join('; '));
  return found.value;
}

const get = (path = '/', ...headers: [string, string][]) => ({ request: { method: 'GET', path, headers } });

/** What is written, and what is asked. */
const CASES: Readonly<Record<string, [Op[], Partial<ExplainRequest>]>> = {
  'route-by-header': [[web(), ...http('payments', 'currency'), ...versions, router], get('/', ['X-Group', 'dev'])],
  'nearest-route': [
    [web(), ...http('payments', 'currency'), ...versions, router],
    { request: { method: 'POST', path: '/currency', headers: [] } },
  ],
  split: [
    [
      web(),
      ...http('payments'),
      ...versions,
      put('service-splitter', 'payments', {
        Splits: [
          { Weight: 90, ServiceSubset: 'v1' },
          { Weight: 10, ServiceSubset: 'v2' },
        ],
      }),
    ],
    {},
  ],
  'permission-denies': [
    [
      web(),
      ...http('payments'),
      ...versions,
      intentions('payments', [
        {
          Name: 'web',
          Permissions: [
            { Action: 'allow', HTTP: { PathPrefix: '/pay', Methods: ['POST'] } },
            { Action: 'deny', HTTP: { PathPrefix: '/' } },
          ],
        },
        { Name: '*', Action: 'deny' },
      ]),
      intentions('*', [{ Name: '*', Action: 'deny' }]),
    ],
    get('/pay'),
  ],
  'wildcard-denies-bytes': [[web(), instance('payments', 'p1'), intentions('*', [{ Name: '*', Action: 'deny' }])], {}],
  unhealthy: [[web(), ...http('payments'), instance('payments', 'p1', {}, 'critical')], {}],
  'empty-subset': [
    [
      web(),
      ...http('payments'),
      instance('payments', 'p1', { Meta: { version: '1' } }),
      put('service-resolver', 'payments', { DefaultSubset: 'v9', Subsets: { v9: { Filter: 'Service.Meta.version == 9' } } }),
    ],
    {},
  ],
  failover: [
    [
      web(),
      ...http('payments', 'spare'),
      instance('payments', 'p1', {}, 'critical'),
      instance('spare', 's1'),
      put('service-resolver', 'payments', { Failover: { '*': { Service: 'spare' } } }),
    ],
    {},
  ],
  redirect: [
    [web(), ...http('payments', 'spare'), instance('spare', 's1'), put('service-resolver', 'payments', { Redirect: { Service: 'spare' } })],
    {},
  ],
  'no-upstream': [[web(), instance('currency', 'c1')], { destination: 'currency' }],
  'misspelt-upstream': [[web()], { destination: 'paymnts' }],
  'no-sidecar': [[register('n1', [service('web')])], {}],
  'token-missing': [
    [
      web(),
      ...http('payments'),
      instance('payments', 'p1'),
      put('jwt-provider', 'okta', { Issuer: 'okta', JSONWebKeySet: { Local: { JWKS: Buffer.from('{"keys":[]}').toString('base64') } } }),
      intentions('payments', [{ Name: 'web', Action: 'allow' }], {
        JWT: { Providers: [{ Name: 'okta', VerifyClaims: [{ Path: ['role'], Value: 'admin' }] }] },
      }),
    ],
    {},
  ],
  'prepared-query': [
    [
      web([upstream('near', 9091, { DestinationType: 'prepared_query' })]),
      putQuery('near', { Service: 'payments' }),
      instance('payments', 'p1'),
    ],
    { destination: 'near' },
  ],
  ingress: [
    [
      gateway('ingress-gateway', 'edge'),
      ...http('payments', 'currency'),
      instance('payments', 'p1'),
      instance('currency', 'c1'),
      put('ingress-gateway', 'edge', {
        Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'payments', Hosts: ['pay.test'] }, { Name: 'currency' }] }],
      }),
    ],
    { source: 'edge', destination: 'currency' },
  ],
  'ingress-unknown-host': [
    [
      gateway('ingress-gateway', 'edge'),
      ...http('payments'),
      instance('payments', 'p1'),
      put('ingress-gateway', 'edge', {
        Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'payments', Hosts: ['pay.test'] }] }],
      }),
    ],
    { source: 'edge', destination: '8080', ...get('/', ['host', 'shop.test']) },
  ],
  'api-gateway': [
    [
      gateway('api-gateway', 'front'),
      ...http('payments', 'currency'),
      instance('payments', 'p1'),
      put('api-gateway', 'front', { Listeners: [{ Name: 'all', Port: 8080, Protocol: 'http' }] }),
      put('http-route', 'shop', {
        Parents: [{ Kind: 'api-gateway', Name: 'front' }],
        Rules: [
          { Matches: [{ Path: { Match: 'prefix', Value: '/currency' } }], Services: [{ Name: 'currency' }] },
          { Matches: [{ Path: { Match: 'prefix', Value: '/' } }], Services: [{ Name: 'payments' }] },
        ],
      }),
      {
        type: 'put-entry',
        dc: 'dc1',
        entry: {
          Kind: 'bound-api-gateway',
          Name: 'front',
          Listeners: [{ Name: 'all', Routes: [{ Kind: 'http-route', Name: 'shop' }] }],
        } as never,
      },
    ],
    { source: 'front', destination: '8080', ...get('/pay') },
  ],
  'terminating-gateway': [
    [
      web([upstream('legacy', 9091)]),
      ...http('legacy'),
      gateway('terminating-gateway', 'exit'),
      register('l1', [service('legacy', { Node: 'l1', Address: '10.0.0.9', Port: 443 })]),
      put('terminating-gateway', 'exit', { Services: [{ Name: 'legacy' }] }),
      intentions('legacy', [{ Name: 'web', Action: 'allow' }]),
    ],
    { destination: 'legacy' },
  ],
  fault: [
    [
      web(),
      put('service-defaults', 'payments', {
        Protocol: 'http',
        EnvoyExtensions: [{ Name: 'builtin/fault-injection', Arguments: { Config: { Abort: { HttpStatus: 503, Percentage: 100 } } } }],
        RateLimits: { InstanceLevel: { RequestsPerSecond: 10, RequestsMaxBurst: 20 } },
      }),
      instance('payments', 'p1'),
    ],
    {},
  ],
};

const golden = (name: string): string => join(import.meta.dirname, `../golden/explain/${name}.out.txt`);

describe('an explanation', () => {
  it.each(Object.entries(CASES))('%s', async (name, [ops, asked]) => {
    const style = await styleOf(false);
    const text = `${explanationText(explained(ops, asked), { style, width: undefined, cwd: '/shop', shipped: '/mesh/blueprints' })}\n`;
    await expect(text).toMatchFileSnapshot(golden(name));
  });

  it('is not to be had of a source that nobody has heard of', () => {
    expect(() => explained([web()], { source: 'wbe' })).toThrow('there is no service or gateway "wbe"; did you mean "web"?');
  });

  it('of rules about others tells only those who may read them', () => {
    const ops = [
      web(),
      instance('payments', 'p1'),
      intentions('payments', [
        { Name: 'secret', Action: 'deny' },
        { Name: '*', Action: 'allow' },
      ]),
    ];
    const context = { snapshot: snapshotOf(...ops), dc: 'dc1', options: OPTIONS, now: 0 };
    const asked = { source: 'web', destination: 'payments' };
    expect(JSON.stringify(explain(context, asked))).toContain('secret');
    expect(JSON.stringify(explain({ ...context, mayReadIntentions: () => false }, asked))).not.toContain('secret');
  });
});

it('breaks its lines where a terminal is narrow', async () => {
  const shown = { style: await styleOf(false), width: 60, cwd: '/shop', shipped: '/mesh/blueprints' };
  const [ops, asked] = CASES['route-by-header']!;
  const lines = explanationText(explained(ops, asked), shown).split('\n');
  expect(lines).toContain("✓ upstream    payments at 127.0.0.1:9091 of web's sidecar");
  expect(lines).toContain('              web-sidecar-proxy');
  expect(lines).toContain('              [registration of web-sidecar-proxy]');
});
