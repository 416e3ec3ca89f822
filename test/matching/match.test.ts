import { describe, expect, it } from 'vitest';
import type { HeaderMatch, QueryMatch, RouteMatch } from '../../src/compile/proxy-config.ts';
import { compileMatch } from '../../src/matching/match.ts';
import { RequestView } from '../../src/matching/request-view.ts';
import { HttpFault } from '../../src/proxy/http1/fault.ts';
import { parseRequestHead } from '../../src/proxy/http1/request.ts';

function request(line: string, fields: readonly string[] = []): RequestView {
  const head = parseRequestHead([`${line} HTTP/1.1`, 'Host: payments:8080', ...fields, ''].join('\r\n'));
  if (head instanceof HttpFault) throw new Error(head.reason);
  return new RequestView(head);
}

function matches(match: RouteMatch, line: string, fields: readonly string[] = []): boolean {
  const compiled = compileMatch(match);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value?.(request(line, fields)) ?? true;
}

describe('paths', () => {
  it.each<[RouteMatch, string, boolean]>([
    [{ pathExact: '/admin' }, 'GET /admin?x=/b', true],
    [{ pathExact: '/admin' }, 'GET /admin/', false],
    [{ pathExact: '/admin' }, 'GET /ADMIN', false],
    [{ pathExact: '/Admin', caseInsensitive: true }, 'GET /aDMIN', true],
    [{ pathPrefix: '/admin' }, 'GET /administrator', true],
    [{ pathPrefix: '/admin/' }, 'GET /admin', false],
    [{ pathPrefix: '/ADMIN', caseInsensitive: true }, 'GET /admin/x', true],
    [{ pathPrefix: '/ä' }, 'GET /%c3%A4/x', true],
    [{ pathRegex: '/v[0-9]+/.*' }, 'GET /v12/x', true],
    [{ pathRegex: '/v[0-9]+' }, 'GET /v12/x', false],
    [{ pathRegex: '(?i)/V1' }, 'GET /v1?q', true],
    [{ pathPrefix: '/' }, 'OPTIONS *', true],
    [{}, 'OPTIONS *', true],
  ])('%j and %s: %s', (match, line, expected) => {
    expect(matches(match, line)).toBe(expected);
  });

  it.each([
    '/admin',
    '//admin',
    '/./admin',
    '/x/../admin',
    '/x/%2e%2e/admin',
    '/%61dmin',
    '/%2Fadmin',
    '/x%2f..%2fadmin',
    '/\\admin',
    '/..//admin',
    'http://payments/x/../admin',
  ])('%s is not a way around /admin', (path) => {
    for (const match of [{ pathExact: '/admin' }, { pathPrefix: '/admin' }, { pathRegex: '/admin.*' }]) {
      expect(matches(match, `GET ${path}`)).toBe(true);
    }
  });

  it('that are no expressions are said to be none', () => {
    expect(compileMatch({ pathRegex: '/(a' })).toEqual({ ok: false, error: expect.stringMatching(/^"\/\(a": error parsing regexp: /) });
    const headers: HeaderMatch[] = [{ name: 'x', type: 'regex', value: '(?=a)', invert: false }];
    expect(compileMatch({ headers })).toMatchObject({ ok: false });
  });
});

describe('headers', () => {
  const header = (type: HeaderMatch['type'], value = '', more: Partial<HeaderMatch> = {}): RouteMatch => ({
    headers: [{ name: 'x-v', type, value, invert: false, ...more }],
  });

  it.each<[RouteMatch, string[], boolean]>([
    [header('present'), ['X-V:'], true],
    [header('present'), ['X-Vv: 1'], false],
    [header('present', '', { invert: true }), [], true],
    [header('present', '', { invert: true }), ['x-v: 1'], false],
    [header('exact', 'one'), ['X-V: one'], true],
    [header('exact', 'one'), ['X-V: One'], false],
    [header('exact', 'one', { ignoreCase: true }), ['X-V: ONE'], true],
    [header('exact', 'a,b'), ['X-V: a', 'Y: 1', 'x-v: b'], true],
    [header('exact', 'a'), ['X-V: a', 'x-v: b'], false],
    [header('exact', 'one', { invert: true }), ['X-V: two'], true],
    [header('exact', 'one', { invert: true }), [], false],
    [header('prefix', 'Moz'), ['X-V: Mozilla'], true],
    [header('suffix', 'la'), ['X-V: Mozilla'], true],
    [header('contains', 'ZILL', { ignoreCase: true }), ['X-V: Mozilla'], true],
    [header('contains', 'zilch'), ['X-V: Mozilla'], false],
    [header('regex', '[0-9]+'), ['X-V: 12'], true],
    [header('regex', '[0-9]+'), ['X-V: 12a'], false],
    [header('regex', 'a+', { ignoreCase: true }), ['X-V: AaA'], true],
    [header('exact', 'ä'), ['X-V: \xc3\xa4'], true],
    [header('regex', '.'), ['X-V: \xc3\xa4'], true],
    [header('exact', 'payments:8080', { name: ':authority' }), [], true],
    [header('prefix', 'payments', { name: 'host' }), [], true],
  ])('%j and %j: %s', (match, fields, expected) => {
    expect(matches(match, 'GET /', fields)).toBe(expected);
  });
});

describe('query parameters and methods', () => {
  const query = (type: QueryMatch['type'], value = ''): RouteMatch => ({ query: [{ name: 'v', type, value }] });

  it.each<[RouteMatch, string, boolean]>([
    [query('present'), 'GET /?v', true],
    [query('present'), 'GET /?w=v', false],
    [query('exact', 'a b'), 'GET /?x=1&v=a%20b', true],
    [query('exact', 'a'), 'GET /?%76=a', true],
    [query('exact', 'ä'), 'GET /?v=%C3%A4', true],
    [query('exact', '2'), 'GET /?v=1&v=2', false],
    [query('regex', '[12]'), 'GET /?v=2', true],
    [query('regex', '[12]'), 'GET /?v=23', false],
    [{ methods: ['POST', 'PUT'] }, 'PUT /', true],
    [{ methods: ['POST', 'PUT'] }, 'GET /', false],
    [{ methods: ['GET'], pathPrefix: '/a', query: [{ name: 'v', type: 'present', value: '' }] }, 'GET /a?v', true],
    [{ methods: ['GET'], pathPrefix: '/a', query: [{ name: 'v', type: 'present', value: '' }] }, 'GET /a', false],
  ])('%j and %s: %s', (match, line, expected) => {
    expect(matches(match, line)).toBe(expected);
  });
});
