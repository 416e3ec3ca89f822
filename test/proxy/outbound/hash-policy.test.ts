import { describe, expect, it } from 'vitest';
import type { HashPolicy } from '../../../src/compile/proxy-config.ts';
import { RequestView } from '../../../src/matching/request-view.ts';
import { parseRequestHead, type RequestHead } from '../../../src/proxy/http1/request.ts';
import { hashRequest } from '../../../src/proxy/outbound/hash-policy.ts';
import { seeded } from '../l7/world.ts';

const head = (fields: string[] = [], target = '/'): RequestHead => {
  const parsed = parseRequestHead([`GET ${target} HTTP/1.1`, 'Host: x', ...fields, ''].join('\r\n'));
  if (!('method' in parsed)) throw parsed;
  return parsed;
};
const hash = (policies: HashPolicy[], fields?: string[], target?: string, remoteAddress = '127.0.0.1') =>
  hashRequest(policies, new RequestView(head(fields, target)), { remoteAddress }, seeded(1));

const HEADER: HashPolicy = { type: 'header', name: 'x-user' };
const QUERY: HashPolicy = { type: 'query', name: 'id' };
const SOURCE: HashPolicy = { type: 'source-ip' };
const COOKIE: HashPolicy = { type: 'cookie', name: 'session' };

describe('hashRequest', () => {
  it.each<[string, HashPolicy, string[], string, string[], string]>([
    ['a header', HEADER, ['X-User: a'], '/', ['x-user: b'], '/'],
    ['a query parameter', QUERY, [], '/?id=1', [], '/?id=2'],
    ['a cookie', COOKIE, ['Cookie: x=1; session=a'], '/', ['Cookie: x=1; session=b'], '/'],
  ])('of %s', (_, policy, fields, target, otherFields, otherTarget) => {
    const one = hash([policy], fields, target);
    expect(one).toEqual(hash([policy], [...fields, 'Other: 1'], target));
    expect(one.value).toBeTypeOf('number');
    expect(one.value).not.toBe(hash([policy], otherFields, otherTarget).value);
    expect(hash([policy])).toEqual({ value: undefined, cookie: undefined });
  });

  it('of the address of the caller', () => {
    expect(hash([SOURCE]).value).toBe(hash([SOURCE], ['A: b']).value);
    expect(hash([SOURCE]).value).not.toBe(hash([SOURCE], [], '/', '127.0.0.2').value);
  });

  it('takes quotes of a cookie for its wrapping', () => {
    expect(hash([COOKIE], ['Cookie: session="a"']).value).toBe(hash([COOKIE], ['Cookie: session=a']).value);
  });

  it('is of all policies that find something, in their order, up to a terminal one that does', () => {
    const both = hash([HEADER, SOURCE], ['X-User: a']).value;
    expect(both).not.toBe(hash([SOURCE, HEADER], ['X-User: a']).value);
    expect(hash([{ ...HEADER, terminal: true }, SOURCE], ['X-User: a']).value).toBe(hash([HEADER], ['X-User: a']).value);
    expect(hash([{ ...HEADER, terminal: true }, SOURCE]).value).toBe(hash([SOURCE]).value);
  });

  it.each<[string, Partial<HashPolicy>, RegExp]>([
    ['for its session', { ttlMs: 0 }, /^session="[0-9a-f]{16}"; HttpOnly$/],
    ['for a time', { ttlMs: 1_500, path: '/x' }, /^session="[0-9a-f]{16}"; Max-Age=2; Path=\/x; HttpOnly$/],
  ])('gives a client without the cookie one %s, by which it is found again', (_, more, text) => {
    const policy = { ...COOKIE, ...more } as HashPolicy;
    const first = hash([policy]);
    expect(first.cookie).toMatch(text);
    const back = hash([policy], [`Cookie: ${first.cookie!.split(';')[0]}`]);
    expect(back).toEqual({ value: first.value, cookie: undefined });
  });
});
