import { describe, expect, it } from 'vitest';
import { NOTHING_COUNTED } from '../../src/api/rates.ts';
import type { Chain } from '../../src/dashboard/client/chain.ts';
import { chainGraph, routeText } from '../../src/dashboard/pages/services/chain-graph.ts';
import { headersFrom } from '../../src/dashboard/pages/services/headers.ts';
import { extended, NO_HISTORY } from '../../src/dashboard/pages/services/history.ts';
import { plainText } from '../../src/dashboard/pages/services/plain-text.ts';

const resolver = (target: string, failover: string[] = []) => ({
  Type: 'resolver' as const,
  Name: target,
  Resolver: { Target: target, ConnectTimeout: '3s', ...(failover.length > 0 ? { Failover: { Targets: failover } } : {}) },
});

const chain: Chain = {
  ServiceName: 'payments',
  Protocol: 'http',
  StartNode: 'router:payments',
  Nodes: {
    'router:payments': {
      Type: 'router',
      Name: 'payments.default.default',
      Routes: [
        {
          Definition: { Match: { HTTP: { PathPrefix: '/currency' } }, Destination: { PrefixRewrite: '/' } },
          NextNode: 'resolver:currency',
        },
        { Definition: { Match: { HTTP: { PathPrefix: '/' } } }, NextNode: 'splitter:payments' },
      ],
    },
    'splitter:payments': {
      Type: 'splitter',
      Name: 'payments.default.default',
      Splits: [
        { Weight: 99.5, NextNode: 'resolver:v1' },
        { Weight: 0.5, NextNode: 'resolver:v2' },
      ],
    },
    'resolver:currency': resolver('currency.dc1', ['currency.dc2']),
    'resolver:v1': resolver('v1.payments', ['v2.payments']),
    'resolver:v2': resolver('v2.payments'),
  },
  Targets: {
    'currency.dc1': { ID: 'currency.dc1', Service: 'currency', Datacenter: 'dc1' },
    'currency.dc2': { ID: 'currency.dc2', Service: 'currency', Datacenter: 'dc2' },
    'v1.payments': { ID: 'v1.payments', Service: 'payments', ServiceSubset: 'v1', Subset: { Filter: 'Service.Meta.version == 1' } },
    'v2.payments': { ID: 'v2.payments', Service: 'payments', ServiceSubset: 'v2', Subset: { OnlyPassing: true } },
  },
};

describe('a chain', () => {
  it('is drawn with each of its nodes once, and what leads from one to the next', () => {
    const { boxes, lines } = chainGraph(chain);
    expect(boxes.map(({ kind, title, notes }) => [kind, title, ...notes].join(' | '))).toEqual([
      'service | payments | http',
      'router | router payments | 2 routes',
      'resolver | currency | datacenter dc1 | connects within 3s',
      'resolver | currency | datacenter dc2',
      'splitter | splitter payments',
      'resolver | payments · v1 | Service.Meta.version == 1 | connects within 3s',
      'resolver | payments · v2 | passing instances only | connects within 3s',
    ]);
    const known = new Set(boxes.map(({ key }) => key));
    expect(lines.every(({ from, to }) => known.has(from) && known.has(to))).toBe(true);
    expect(lines.map(({ text, isFailover }) => (isFailover ? `(${text})` : text))).toEqual([
      '',
      '/currency* to /',
      '(failover 1)',
      'everything else',
      '99.5 %',
      '(failover 1)',
      '0.5 %',
    ]);
  });

  it.each([
    [{}, 'everything else'],
    [{ PathExact: '/a', Methods: ['GET', 'PUT'] }, 'GET, PUT /a'],
    [{ PathRegex: '^/x' }, '~ ^/x'],
    [{ PathPrefix: '/', Header: [{ Name: 'x-group', Exact: 'dev' }] }, 'x-group=dev'],
    [{ Header: [{ Name: 'x-group', Present: true, Invert: true }] }, 'not x-group'],
    [{ QueryParam: [{ Name: 'debug', Exact: '1' }] }, '?debug=1'],
    [{ Header: [{ Name: 'v', Prefix: '1' }] }, 'v=1*'],
  ])('has routes that are read: %j', (http, text) => {
    expect(routeText({ Match: { HTTP: http } })).toBe(text);
  });
});

describe('charts', () => {
  it('keep five minutes, and have gaps where nothing was asked for', () => {
    let history = NO_HISTORY;
    for (let second = 0; second <= 400; second += 1) {
      const counted = { ...NOTHING_COUNTED, ms: 1000, requests: second % 2, latency: [second % 2, 0] };
      history = extended(history, second * 1000, counted, [8]);
    }
    expect([history.times[0], history.times.at(-1), history.times.length]).toEqual([100, 400, 301]);
    expect(Object.values(history).every((values: readonly unknown[]) => values.length === 301)).toBe(true);
    expect([history.requests.slice(-2), history.success.slice(-2), history.p50.slice(-2)]).toEqual([
      [1, 0],
      [100, null],
      [4, null],
    ]);
  });
});

it('colours of a terminal are left out of what programs write', () => {
  expect(plainText('\u001b[32mINFO\u001b[0m a\tb\u0007 \u001b]0;title\u0007c')).toBe('INFO a\tb c');
});

it('headers are read one a line', () => {
  expect(headersFrom('X-Group: dev\n\n  Host:a:1 \nEmpty')).toEqual([
    ['X-Group', 'dev'],
    ['Host', 'a:1'],
    ['Empty', ''],
  ]);
});
