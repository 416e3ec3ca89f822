import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/compile/proxy-config.ts';
import { RequestView } from '../../../src/matching/request-view.ts';
import { HttpFault } from '../../../src/proxy/http1/fault.ts';
import { parseRequestHead } from '../../../src/proxy/http1/request.ts';
import { Traffic } from '../../../src/proxy/observe/traffic.ts';
import type { Upstream } from '../../../src/proxy/outbound/failover.ts';
import { drawSplit, findRoute, readyRoutes } from '../../../src/proxy/outbound/route.ts';

const unused = () => {
  throw new Error('nothing is sent here');
};
const upstream = (service: string): Upstream => ({
  service,
  requestTimeoutMs: service === 'slow' ? 5_000 : undefined,
  target: unused,
  dial: unused,
});

function ready(routes: readonly Route[]) {
  const ignored: string[] = [];
  const listener = { name: 'payments', binds: [], protocol: 'http', routes } as const;
  const traffic = () => new Traffic();
  return {
    ignored,
    routes: readyRoutes(listener, {
      upstream,
      mirror: unused,
      random: () => 0,
      ignored: (reason) => ignored.push(reason),
      describe: unused,
      traffic,
    }),
  };
}

function get(target: string): RequestView {
  const head = parseRequestHead(`GET ${target} HTTP/1.1\r\nHost: x\r\n`);
  if (head instanceof HttpFault) throw new Error(head.reason);
  return new RequestView(head);
}

const to = (cluster: string, more: Partial<Route> = {}): Route => ({ match: {}, splits: [{ weight: 100, cluster }], ...more });

describe('routes', () => {
  it('are tried in order', () => {
    const { routes } = ready([to('currency', { match: { pathPrefix: '/currency' } }), to('rest')]);
    expect(findRoute(routes, get('/currency/eur'))).toBe(routes[0]);
    expect(findRoute(routes, get('/'))).toBe(routes[1]);
    expect(findRoute(routes.slice(0, 1), get('/'))).toBeUndefined();
  });

  it('without conditions and actions ask for nothing on the way', () => {
    const [route] = ready([to('rest')]).routes;
    expect(route).toMatchObject({ test: undefined, rewrite: undefined, splits: [{ rules: undefined, edits: { add: [] } }] });
    expect(ready([to('rest', { match: { pathPrefix: '/' }, action: {} })]).routes[0]).toMatchObject({
      test: undefined,
      splits: [{ rules: undefined }],
    });
  });

  it('with one split draw nothing', () => {
    const [route] = ready([to('rest')]).routes;
    expect(drawSplit(route!, unused)?.upstream?.service).toBe('rest');
  });

  it('are stronger than the resolver about the time of a request', () => {
    const timeouts = ready([to('slow'), to('slow', { action: { timeoutMs: 0 } }), to('slow', { action: { timeoutMs: 7 } })]);
    expect(timeouts.routes.map(({ splits }) => splits[0]!.rules?.timeoutMs)).toEqual([5_000, undefined, 7]);
  });

  it('rewrite the prefix or the whole exact path, and leave the query', () => {
    const rewritten = (match: Route['match'], target: string) =>
      ready([to('x', { match, action: { prefixRewrite: '/v2' } })]).routes[0]!.rewrite?.(get(target));
    expect(rewritten({ pathPrefix: '/currency' }, '/currency/a?b=/currency')).toBe('/v2/a?b=/currency');
    expect(rewritten({ pathPrefix: '/CURR', caseInsensitive: true }, '/currency/a')).toBe('/v2ency/a');
    expect(rewritten({ pathExact: '/currency' }, '//currency?x')).toBe('/v2?x');
    expect(rewritten({}, '/a')).toBe('/v2a');
    expect(rewritten({ pathRegex: '/.*' }, '/a')).toBeUndefined();
  });

  it('that have no meaning refuse what comes so far, instead of letting it by', () => {
    const { routes, ignored } = ready([to('a', { match: { pathExact: '/a' } }), to('b', { match: { pathRegex: '/(' } }), to('c')]);
    expect(findRoute(routes, get('/a'))).toBe(routes[0]);
    const found = findRoute(routes, get('/c'))!;
    expect(found.problem).toMatch(/^"\/\(": error parsing regexp/);
    expect(drawSplit(found, () => 0)).toBeUndefined();
    expect(ignored).toEqual([`route 2 of payments: ${found.problem}`]);
  });
});
