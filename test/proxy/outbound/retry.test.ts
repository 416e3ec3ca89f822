import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../../../src/compile/proxy-config.ts';
import { HttpFault } from '../../../src/proxy/http1/fault.ts';
import { parseResponseHead } from '../../../src/proxy/http1/response.ts';
import { compileRetry } from '../../../src/proxy/outbound/retry.ts';

const policy = (more: Partial<RetryPolicy>): RetryPolicy => ({ count: 1, onConnectFailure: false, on: [], onStatusCodes: [], ...more });
const answer = (status: number, fields = '') => {
  const head = parseResponseHead(`HTTP/1.1 ${status} x\r\n${fields}`, 'GET');
  if (head instanceof HttpFault) throw new Error(head.reason);
  return head;
};

describe('compileRetry', () => {
  it.each<[Partial<RetryPolicy>, number, string, boolean]>([
    [{ on: ['5xx'] }, 500, '', true],
    [{ on: ['5xx'] }, 404, '', false],
    [{ on: ['5xx'] }, 503, 'x-envoy-ratelimited: true\r\n', false],
    [{ on: ['envoy-ratelimited'] }, 429, 'x-envoy-ratelimited: true\r\n', true],
    [{ on: ['gateway-error'] }, 502, '', true],
    [{ on: ['gateway-error'] }, 500, '', false],
    [{ on: ['retriable-4xx'] }, 409, '', true],
    [{ on: ['retriable-4xx'] }, 404, '', false],
    [{ onStatusCodes: [429] }, 429, '', true],
    [{ onStatusCodes: [429] }, 500, '', false],
    [{ on: ['reset', 'connect-failure', 'refused-stream'] }, 503, '', false],
    [{ on: ['unavailable'] }, 200, 'grpc-status: 14\r\n', true],
    [{ on: ['unavailable'] }, 200, 'grpc-status: 13\r\n', false],
    [{ on: ['internal', 'cancelled'] }, 200, 'grpc-status: 1\r\n', true],
  ])('%j and %d %s: %s', (more, status, fields, expected) => {
    expect(compileRetry(policy(more), () => 0)!.onResponse(answer(status, fields))).toBe(expected);
  });

  it.each<[Partial<RetryPolicy>, boolean, boolean]>([
    [{ on: ['5xx'] }, true, true],
    [{ on: ['reset'] }, true, true],
    [{ on: ['connect-failure'] }, true, false],
    [{ onConnectFailure: true }, true, false],
    [{ on: ['gateway-error'] }, false, false],
  ])('%j: connect failure %s, reset %s', (more, onConnectFailure, onReset) => {
    expect(compileRetry(policy(more), () => 0)).toMatchObject({ onConnectFailure, onReset });
  });

  it('is nothing without an attempt or a condition', () => {
    expect(compileRetry(policy({ count: 0, on: ['5xx'] }), () => 0)).toBeUndefined();
    expect(compileRetry(policy({ count: 3 }), () => 0)).toBeUndefined();
  });

  it('backs off longer each time, up to a limit, and by a random part of it', () => {
    const rules = compileRetry(policy({ on: ['5xx'] }), () => 0.5)!;
    expect([1, 2, 3, 4, 9].map((attempt) => rules.backOffMs(attempt))).toEqual([12.5, 37.5, 87.5, 125, 125]);
  });
});
