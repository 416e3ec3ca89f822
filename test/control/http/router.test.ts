import { describe, expect, it } from 'vitest';
import type { Endpoint, Method } from '../../../src/control/http/endpoint.ts';
import { Router } from '../../../src/control/http/router.ts';

const row = (method: Method, path: string): Endpoint => ({ method, path, acl: 'none', doc: '', handle: () => ({ type: 'empty' }) });
const router = new Router([
  row('PUT', '/v1/config'),
  row('GET', '/v1/config/:kind/:name'),
  row('DELETE', '/v1/config/:kind/:name'),
  row('GET', '/v1/connect/intentions'),
  row('GET', '/v1/connect/intentions/:id'),
  row('GET', '/v1/connect/intentions/exact'),
  row('GET', '/v1/health/service/:service'),
]);

function resolve(method: string, path: string): unknown {
  const routed = router.route(path);
  if (routed.type !== 'path') return routed;
  const match = routed.find(method);
  return match ? [match.endpoint.path, ...match.params] : routed.methods;
}

describe('Router', () => {
  it.each([
    ['GET', '/v1/config/service-defaults/web', ['/v1/config/:kind/:name', 'service-defaults', 'web']],
    ['GET', '/v1/config/service-defaults', ['/v1/config/:kind/:name', 'service-defaults', '']],
    ['GET', '/v1/config/', ['/v1/config/:kind/:name', '', '']],
    ['GET', '/v1/config/k/a/b', ['/v1/config/:kind/:name', 'k', 'a/b']],
    ['GET', '/v1/health/service/a/b', ['/v1/health/service/:service', 'a/b']],
    ['GET', '/v1/connect/intentions', ['/v1/connect/intentions']],
    ['GET', '/v1/connect/intentions/exact', ['/v1/connect/intentions/exact']],
    ['GET', '/v1/connect/intentions/1234', ['/v1/connect/intentions/:id', '1234']],
    ['POST', '/v1/config', ['PUT']],
    ['PUT', '/v1/config/a/b', ['GET', 'DELETE']],
    ['GET', '/v1/health/service', { type: 'redirect', to: '/v1/health/service/' }],
    ['GET', '/v1/nope', { type: 'none' }],
    ['GET', '/v1', { type: 'none' }],
  ])('%s %s', (method, path, expected) => {
    expect(resolve(method, path)).toEqual(expected);
  });
});
