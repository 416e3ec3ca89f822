import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { countedBetween } from '../../../src/api/rates.ts';
import type { Flow } from '../../../src/api/traffic.ts';
import { bytesText, rateText, shareText, timeText } from '../../../src/app/top/figures.ts';
import { type TopState, topFrame } from '../../../src/app/top/frame.ts';
import { topJson } from '../../../src/app/top/json.ts';
import { rowsOf, type View } from '../../../src/app/top/rows.ts';
import { styleOf } from '../../../src/ui/style.ts';
import { arrived, flow, traffic } from './traffic.ts';

const plain = await styleOf(false);
const coloured = await styleOf(true);

const NOON = new Date(2026, 0, 1, 12, 0, 5).getTime();

function state(flows: readonly Flow[], more: Partial<TopState> = {}): TopState {
  const view: View = more.view ?? 'service';
  const rows = rowsOf(countedBetween(traffic(0), traffic(1000, ...flows)), { view, sort: 'rate' }, [1, 10]);
  return { view, sort: 'rate', at: NOON, rows, boundsMs: [1, 10], intervalMs: 1000, paused: false, ...more };
}

const http = [flow({ answers: { '2xx': 98, '5xx': 2 }, latency: [50, 50, 0] }), arrived({ denied: 3 })];
const store = flow({ destination: 'store', connections: { total: 4, active: 2, failed: 0 }, bytesUp: 1500, bytesDown: 500 });
const hostile = flow({ destination: 'evil\u001b[2J\nname', answers: { '2xx': 1 }, latency: [1, 0, 0] });

describe('a screen of top', () => {
  it('has a title, what happens in all, the table and the keys', () => {
    expect(topFrame(state(http), { columns: 80, rows: 9 }, plain)).toEqual([
      'mesh top, by service, every 1s                                          12:00:05',
      '100 requests a second, 95.0% succeed, 3 denied',
      '',
      'SERVICE   RPS  SUCCESS    P50    P95    P99  DENIED  RETRIES',
      'payments  100    95.0%  1.0ms  9.1ms  9.8ms       3        -',
      '',
      '',
      '',
      'q quit   b by service   s sort by rate   space pause',
    ]);
  });

  it('has columns for bytes where something passes as bytes', () => {
    const frame = topFrame(state([...http, store]), { columns: 120, rows: 7 }, plain);
    expect(frame.slice(3, 6)).toEqual([
      'SERVICE   RPS  CONN/S  SUCCESS    P50    P95    P99  DENIED  RETRIES  OPEN  BYTES/S',
      'payments  100       -    95.0%  1.0ms  9.1ms  9.8ms       3        -     -        -',
      'store       -     4.0     100%      -      -      -       -        -     2    2.0kB',
    ]);
    expect(topFrame(state([store]), { columns: 80, rows: 7 }, plain)[3]).toBe('SERVICE  CONN/S  SUCCESS  DENIED  OPEN  BYTES/S');
  });

  const routes = state([...http, store, hostile, flow({ route: `/${'long'.repeat(30)}*`, subset: 'v2', answers: { '2xx': 1 } })], {
    view: 'route',
  });

  it.each([20, 40, 60, 80, 120, 200])('is nowhere wider than %d columns, nor higher than there are lines', (columns) => {
    for (const rows of [1, 3, 6, 24]) {
      for (const style of [plain, coloured]) {
        const frame = topFrame(routes, { columns, rows }, style);
        expect(frame).toHaveLength(rows);
        for (const line of frame) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('passes nothing on that a terminal would obey', () => {
    expect(topFrame(routes, { columns: 200, rows: 24 }, plain).join('')).not.toMatch(/\p{Cc}/u);
  });

  it('says how many rows there is no room for', () => {
    const many = Array.from({ length: 30 }, (_, i) => flow({ destination: `s${i + 10}`, answers: { '2xx': 1 }, latency: [1, 0, 0] }));
    const frame = topFrame(state(many), { columns: 80, rows: 24 }, plain);
    expect(frame.at(-2)).toBe('… and 12 more');
    expect(frame.at(-3)).toMatch(/^s27 /);
  });

  it('waits, has nothing to show, is paused, or has lost the agent', () => {
    const size = { columns: 80, rows: 24 };
    expect(topFrame(state([], { rows: undefined }), size, plain)[3]).toBe('Measuring …');
    expect(topFrame(state([]), size, plain)[3]).toBe('No sidecar has counted anything yet:');
    expect(topFrame(state(http, { paused: true }), size, plain).at(-1)).toContain('space go on');
    expect(topFrame(state(http, { problem: 'no agent answers' }), size, plain)[1]).toBe('no agent answers');
  });
});

it('says the same as JSON', () => {
  expect(topJson(state(http))).toMatchObject({
    by: 'service',
    rows: [{ destination: 'payments', requests: 100, requestsPerSecond: 100, failed: 2, success: 0.95, p50: 1, denied: 3 }],
  });
  expect(topJson(state([flow()]))).toMatchObject({ rows: [{ requests: 0, success: null, p99: null }] });
});

describe('figures', () => {
  it.each([
    [rateText, 0, '-'],
    [rateText, 0.25, '0.3'],
    [rateText, 99.94, '99.9'],
    [rateText, 1234, '1234'],
    [rateText, 12_345, '12.3k'],
    [shareText, undefined, '-'],
    [shareText, 1, '100%'],
    [shareText, 0.99999, '99.9%'],
    [shareText, 0, '0.0%'],
    [timeText, 0.42, '0.4ms'],
    [timeText, 9.96, '10ms'],
    [timeText, 999.6, '1.0s'],
    [timeText, 120_000, '2.0m'],
    [bytesText, 999, '999B'],
    [bytesText, 1500, '1.5kB'],
    [bytesText, 999_999, '1.0MB'],
  ] as const)('%o of %s is %s', (text, value, expected) => {
    expect((text as (value: number | undefined) => string)(value)).toBe(expected);
  });
});
