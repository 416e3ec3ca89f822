import { expect, it } from 'vitest';
import { callError, canonicalHeader } from '../../../src/images/fake-service/go-http.ts';

it('canonicalHeader', () => expect(canonicalHeader('x-REQUEST-id')).toBe('X-Request-Id'));

it.each([
  ['ECONNREFUSED', 'dial tcp db:80: connect: connection refused'],
  ['EHOSTUNREACH', 'dial tcp db:80: connect: no route to host'],
  ['ENOTFOUND', 'dial tcp: lookup db: no such host'],
  ['ECONNRESET', 'read tcp db:80: read: connection reset by peer'],
  ['EPROTO', 'message'],
])('callError words %s as Go', (code, cause) => {
  const error = Object.assign(new Error('message'), { code });
  expect(callError('GET', new URL('http://db/x'), error)).toBe(`Get "http://db/x": ${cause}`);
});
