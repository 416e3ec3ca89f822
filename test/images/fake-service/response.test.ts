import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResponse, encodeResponse, type ServiceResponse } from '../../../src/images/fake-service/response.ts';
import { behaviourOf } from '../../../src/images/fake-service/version.ts';
import { golden } from './harness.ts';

const payments: ServiceResponse = {
  name: 'payments',
  uri: 'http://127.0.0.1:9091',
  type: 'HTTP',
  ipAddresses: ['10.5.0.110'],
  startTime: '2026-01-02T15:04:05.000100',
  endTime: '2026-01-02T15:04:05.000200',
  duration: '75.1µs',
  headers: { Date: 'Fri, 02 Jan 2026 15:04:05 GMT', 'Content-Type': 'text/plain; charset=utf-8' },
  cookies: { session: '1' },
  body: '{"amount": 1.0, "10": 1, "9": []}',
  code: 200,
};
const currency: ServiceResponse = { name: 'currency', uri: 'http://127.0.0.1:9092', type: 'HTTP', body: '"eur"', code: 200 };
const web: ServiceResponse = {
  name: 'web',
  uri: '/x?a=1&b=2',
  type: 'HTTP',
  ipAddresses: ['10.5.0.100'],
  startTime: '2026-01-02T15:04:05.000000',
  endTime: '2026-01-02T15:04:05.001846',
  duration: '1.8466ms',
  body: '"hi <you>"',
  upstreamCalls: [
    { uri: 'http://127.0.0.1:9091', response: payments },
    { uri: 'http://127.0.0.1:9092', response: currency },
  ],
  code: 200,
};
const injected: ServiceResponse = {
  name: 'web',
  uri: '/',
  type: 'HTTP',
  ipAddresses: ['10.5.0.100'],
  code: 500,
  error: 'Service error automatically injected',
};

describe('encodeResponse', () => {
  it.each(['v0.9.0', 'v0.17.0', 'v0.24.2'])('prints the shape of %s', (tag) => {
    expect(encodeResponse(web, behaviourOf(tag))).toBe(golden(`success.${tag}.json`));
  });

  it.each(['v0.9.0', 'v0.24.2'])('prints an injected error as %s', (tag) => {
    expect(encodeResponse(injected, behaviourOf(tag))).toBe(golden(`injected.${tag}.json`));
  });

  it('sorts by URI, and shows one that was called twice once', () => {
    const calls = [currency, payments, { ...currency, code: 500 }].map((response) => ({ uri: response.uri!, response }));
    const printed = JSON.parse(encodeResponse({ code: 200, upstreamCalls: calls }, behaviourOf(undefined)));
    expect(Object.keys(printed.upstream_calls)).toEqual(['http://127.0.0.1:9091', 'http://127.0.0.1:9092']);
    expect(printed.upstream_calls['http://127.0.0.1:9092'].code).toBe(500);
  });
});

describe('decodeResponse', () => {
  it.each(['v0.17.0', 'v0.24.2'])('loses nothing of %s', (tag) => {
    const decoded = decodeResponse(golden(`success.${tag}.json`))!;
    for (const other of ['v0.17.0', 'v0.24.2']) expect(encodeResponse(decoded, behaviourOf(other))).toBe(golden(`success.${other}.json`));
  });

  it('reads v0.9, for which a body is a string', () => {
    const printed = encodeResponse(decodeResponse(golden('success.v0.9.0.json'))!, behaviourOf('v0.9.0'));
    expect(printed).toBe(golden('success.v0.9.0.json'));
  });

  it.each(['', 'OK', '[]', '"x"', 'null', '{"a":', 'upstream connect error'])('gives up on %j', (text) => {
    expect(decodeResponse(text)).toBeUndefined();
  });

  it('leaves out what has another type', () => {
    expect(decodeResponse('{"name": 1, "uri": "/", "code": "200", "upstream_calls": [1], "headers": []}')).toEqual({
      uri: '/',
      code: 0,
      upstreamCalls: [],
    });
  });

  it('never throws on JSON objects', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('name', 'code', 'body', 'upstream_calls', 'headers'), fc.jsonValue()), (object) => {
        expect(decodeResponse(JSON.stringify(object))).toBeDefined();
      }),
    );
  });

  it('takes fields that have the names of methods for data', () => {
    const trap = { toString: '', valueOf: 1 };
    const decoded = decodeResponse(JSON.stringify({ headers: { a: trap, b: null }, ip_addresses: [trap], code: 200 }));
    const text = JSON.stringify(trap);
    expect(decoded).toEqual({ headers: { a: text, b: 'null' }, ipAddresses: [text], code: 200 });
  });
});
