import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainedRequest, ExplainedWay, Explanation } from '../../src/api/explanation.ts';
import type { Op } from '../../src/catalog/types.ts';
import type { TappedRequest } from '../../src/compile/proxy-config.ts';
import { explain } from '../../src/explain/explain.ts';
import { check, node, put } from '../catalog/registrations.ts';
import { eventually } from '../proxy/fixture/sockets.ts';
import { authority, EntryWorld } from '../proxy/l7/entry-world.ts';
import { seeded } from '../proxy/l7/world.ts';

/**
 * What is explained is what happens: for entries and requests by chance, real sidecars do with a request what the explanation
 * says of it. A split is drawn by chance, so what happened has to be one of the ways that were named.
 */
let world: EntryWorld;
beforeAll(async () => {
  const app = (name: string) => (_request: unknown, response: { end(text: string): void }) => response.end(name);
  world = await EntryWorld.start({
    instances: {
      p1: { of: 'payments', app: app('p1'), meta: { version: '1' } },
      p2: { of: 'payments', app: app('p2'), meta: { version: '2' } },
      c1: { of: 'currency', app: app('c1'), meta: { version: '1' } },
    },
    upstreams: ['payments'],
    random: seeded(42),
  });
  // One that no instance is of.
  await world.write('service-resolver', 'ghost', {});
});
afterAll(() => world.close());

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

const paths = some(
  '/',
  '/currency',
  '/Currency/eur',
  '/currency/eur',
  '/admin',
  '/ADMIN',
  '/a/../admin',
  '/%61dmin',
  '//admin',
  '/currency%2Feur',
  '/admin/..%2fcurrency',
);
const prefixes = some('/', '/currency', '/admin', '/Currency', '/currency/eur');

const header = some(
  { Name: 'X-Group', Exact: 'dev' },
  { Name: 'x-group', Present: true },
  { Name: 'x-group', Prefix: 'd', Invert: true },
  { Name: 'x-group', Exact: 'DEV', IgnoreCase: true },
  { Name: 'x-group', Regex: 'd.*' },
  { Name: 'x-added', Exact: 'yes' },
  { Name: 'x-group', Contains: 'ev' },
  { Name: ':authority', Suffix: 'test' },
);
const path = fc.oneof(
  fc.record({ PathPrefix: prefixes }),
  fc.record({ PathExact: prefixes }),
  some({ PathRegex: '/c.*' }, { PathRegex: '/[a-z]+' }, {}),
);
const methods = some(undefined, ['GET'], ['POST', 'PUT']);
const compact = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const routeMatch = fc
  .tuple(
    path,
    methods,
    maybe(fc.array(header, { minLength: 1, maxLength: 2 })),
    some(undefined, [{ Name: 'q', Exact: '1' }], [{ Name: 'q', Present: true }]),
    fc.boolean(),
  )
  .map(([where, Methods, Header, QueryParam, any]) => {
    const CaseInsensitive = any && ('PathPrefix' in where || 'PathExact' in where) ? true : undefined;
    return compact({ ...where, Methods, Header, QueryParam, CaseInsensitive });
  });
const lead = some(
  { Service: 'payments' },
  { Service: 'payments', ServiceSubset: 'v2' },
  { Service: 'payments', ServiceSubset: 'none' },
  { Service: 'currency' },
  { Service: 'ghost' },
);
const headers = some(undefined, { Set: { 'x-added': 'yes' } }, { Remove: ['x-group'] }, { Add: { 'x-group': 'dev' } });
const route = fc
  .tuple(maybe(routeMatch), lead, some(undefined, '/', '/admin', '/currency/'), headers)
  .map(([HTTP, to, PrefixRewrite, RequestHeaders]) => {
    const rewritable = HTTP && ('PathPrefix' in HTTP || 'PathExact' in HTTP);
    return compact({
      Match: HTTP && Object.keys(HTTP).length > 0 ? { HTTP } : undefined,
      Destination: compact({ ...to, PrefixRewrite: rewritable ? PrefixRewrite : undefined, RequestHeaders }),
    });
  });

const permission = fc.tuple(some('allow', 'deny'), path, methods, maybe(header)).map(([Action, where, Methods, one]) => {
  const HTTP = compact({ ...where, Methods, Header: one && [one] });
  return Object.keys(HTTP).length > 0 ? { Action, HTTP } : { Action, HTTP: { PathPrefix: '/' } };
});
const source = fc
  .tuple(some('web', '*', 'other', 'WEB'), fc.oneof(some('allow', 'deny'), fc.array(permission, { minLength: 1, maxLength: 3 })))
  .map(([Name, says]) => (typeof says === 'string' ? { Name, Action: says } : { Name, Permissions: says }));
const sources = fc.uniqueArray(source, { minLength: 1, maxLength: 3, selector: ({ Name }) => Name.toLowerCase() });
// Consul: an intention for all destinations has no permissions.
const everybody = some(undefined, [{ Name: 'web', Action: 'deny' }], [{ Name: '*', Action: 'deny' }], [{ Name: 'web', Action: 'allow' }]);

const entries = fc.record({
  router: maybe(fc.array(route, { minLength: 1, maxLength: 4 })),
  splitter: maybe(
    fc
      .tuple(some(0, 10, 50, 100), headers)
      .map(([weight, RequestHeaders]) => [
        compact({ Weight: weight, ServiceSubset: 'v1', RequestHeaders }),
        { Weight: 100 - weight, ServiceSubset: 'v2' },
      ]),
  ),
  defaultSubset: some(undefined, 'v1', 'none'),
  failover: some(undefined, { none: { Service: 'currency' } }, { '*': { Targets: [{ ServiceSubset: 'v2' }, { Service: 'currency' }] } }),
  ghost: some({}, { Redirect: { Service: 'currency' } }, { Failover: { '*': { Service: 'currency' } } }),
  payments: maybe(sources),
  currency: maybe(sources),
  everybody,
  normalization: some(
    undefined,
    { MergeSlashes: true },
    { PathWithEscapedSlashesAction: 'REJECT_REQUEST' },
    { PathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' },
    { InsecureDisablePathNormalization: true },
  ),
  sick: some(undefined, undefined, 'p1', 'p2', 'c1'),
});

const request = fc
  .tuple(
    some('GET', 'POST'),
    paths,
    some('', '?q=1', '?q=2'),
    some(undefined, 'dev', 'DEV', 'prod'),
    some('payments.test', '127.0.0.1:9090'),
  )
  .map(
    ([method, where, query, group, host]): ExplainedRequest => ({
      method,
      path: where + query,
      headers: [['host', host], ...(group === undefined ? [] : [['X-Group', group] as const])],
    }),
  );

type Entries = typeof entries extends fc.Arbitrary<infer T> ? T : never;

async function apply(given: Entries): Promise<void> {
  const entry = (kind: string, name: string, fields?: object): Op =>
    fields ? put(kind, name, fields) : { type: 'delete-entry', dc: 'dc1', kind, name };
  const { normalization: RequestNormalization, sick } = given;
  const intentions = (name: string, Sources?: readonly object[]) => entry('service-intentions', name, Sources && { Sources });
  await world.changeAll([
    entry('service-router', 'payments'),
    entry('service-splitter', 'payments'),
    entry('service-resolver', 'payments', compact({ Subsets, DefaultSubset: given.defaultSubset, Failover: given.failover })),
    entry('service-resolver', 'ghost', given.ghost),
    ...(given.splitter ? [entry('service-splitter', 'payments', { Splits: given.splitter })] : []),
    ...(given.router ? [entry('service-router', 'payments', { Routes: given.router })] : []),
    intentions('payments', given.payments),
    intentions('currency', given.currency),
    intentions('*', given.everybody),
    entry('mesh', 'mesh', RequestNormalization && { HTTP: { Incoming: { RequestNormalization } } }),
    ...['p1', 'p2', 'c1'].map((name): Op => {
      const ServiceID = `${name === 'c1' ? 'currency' : 'payments'}-sidecar-proxy`;
      const checks = [check('alive', { Node: name, ServiceID, Status: name === sick ? 'critical' : 'passing' })];
      return { type: 'register', dc: 'dc1', node: node(name), services: [], checks };
    }),
  ]);
}

const Subsets = {
  v1: { Filter: 'Service.Meta.version == 1' },
  v2: { Filter: 'Service.Meta.version == 2' },
  none: { Filter: 'Service.Meta.version == 9' },
};

function explained(asked: ExplainedRequest): Explanation {
  const options = { trustDomain: authority.trustDomain, extraLoopback: false };
  const context = { snapshot: world.snapshot, dc: 'dc1', options, now: Date.now(), served: (id: string) => world.served(id) };
  const found = explain(context, { source: 'web', destination: 'payments', request: asked });
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

interface Happened {
  readonly status: number;
  readonly reason: string;
  readonly told: readonly TappedRequest[];
}

async function send({ method, path: target, headers: fields }: ExplainedRequest): Promise<Happened> {
  const told: TappedRequest[] = [];
  const stop = world.tap((requests) => told.push(...requests));
  const answer = await world.call('payments', target, { method, headers: fields.flat() });
  await eventually(() => told.some(({ direction }) => direction === 'outbound'), 'the caller tells of it');
  stop();
  return { status: answer.status, reason: String(answer.headers['x-mesh-reason'] ?? ''), told };
}

function compare(said: Explanation, { status, reason, told }: Happened): void {
  const seen = told.find(({ direction }) => direction === 'outbound')!;
  if (said.ways.length === 0) {
    expect({ verdict: said.verdict, served: status === 200 }).toEqual({ verdict: 'undeliverable', served: false });
    return;
  }
  // Where nobody can be had, no cluster is told of.
  const isMeant = ({ cluster, standIn = cluster, verdict }: ExplainedWay) =>
    seen.cluster === undefined ? verdict === 'undeliverable' : standIn === seen.cluster;
  const ways = said.ways.filter(isMeant).map((way) => ({
    route: seen.route === undefined ? undefined : way.route,
    status: way.verdict === 'passes' ? 200 : way.status,
    endpoint: way.endpoints.find((one) => one === seen.endpoint),
    reason: way.verdict === 'denied' && reason.endsWith(way.rule!) ? reason : '',
  }));
  expect(ways).toContainEqual({
    route: seen.route,
    status,
    endpoint: seen.endpoint,
    reason: status === 200 || status === 503 ? '' : reason,
  });
}

describe('an explanation', () => {
  it('says what happens', async () => {
    const seen = { passes: 0, denied: 0, undeliverable: 0 };
    await fc.assert(
      fc.asyncProperty(entries, fc.array(request, { minLength: 3, maxLength: 6 }), async (given, asked) => {
        await apply(given);
        for (const one of asked) {
          const said = explained(one);
          seen[said.verdict]++;
          compare(said, await send(one));
        }
      }),
      { numRuns: 12 },
    );
    // It has to have said all of them.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  }, 60_000);
});
