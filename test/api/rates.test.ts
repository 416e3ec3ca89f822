import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counted, countedBetween, inTurn, NOTHING_COUNTED, perSecond, quantileMs, successOf, together } from '../../src/api/rates.ts';
import type { Flow, Traffic } from '../../src/api/traffic.ts';

const flow = (more: Partial<Flow> = {}): Flow => ({
  side: 'outbound',
  proxy: 'web-proxy',
  source: 'web',
  sourceDatacenter: 'dc1',
  destination: 'payments',
  destinationDatacenter: 'dc1',
  since: 1,
  answers: {},
  latency: [0, 0, 0],
  latencySumMs: 0,
  denied: 0,
  retries: 0,
  connections: { total: 0, active: 0, failed: 0 },
  bytesUp: 0,
  bytesDown: 0,
  ...more,
});
const at = (ms: number, ...flows: Flow[]): Traffic => ({ at: ms, boundsMs: [1, 10], flows });

describe('between two answers', () => {
  it('flows have counted the difference', () => {
    const before = at(1000, flow({ answers: { '2xx': 5, '5xx': 1 }, latency: [5, 1, 0], denied: 1 }));
    const after = at(3000, flow({ answers: { '2xx': 8, '5xx': 2, none: 1 }, latency: [7, 3, 1], denied: 1, bytesUp: 7 }));
    const [one] = countedBetween(before, after);
    expect(one!.counted).toMatchObject({ ms: 2000, requests: 5, failed: 2, denied: 0, bytesUp: 7, latency: [2, 2, 1] });
    expect(perSecond(one!.counted.requests, one!.counted)).toBe(2.5);
    expect(successOf(one!.counted)).toBeCloseTo(0.6);
  });

  it('one that is new, or began anew, has counted since it began', () => {
    const before = at(0, flow({ answers: { '2xx': 50 }, latency: [50, 0, 0] }));
    const anew = at(
      1000,
      flow({ since: 2, answers: { '2xx': 3 }, latency: [3, 0, 0] }),
      flow({ upstream: 'other', answers: { '4xx': 1 } }),
    );
    expect(countedBetween(before, anew).map(({ counted }) => counted.requests)).toEqual([3, 1]);
  });

  it('connections that pass as bytes count as they begin', () => {
    const before = at(0, flow({ connections: { total: 3, active: 2, failed: 0 } }));
    const after = at(1000, flow({ connections: { total: 7, active: 1, failed: 1 } }));
    const { counted } = countedBetween(before, after)[0]!;
    expect(counted.connections).toEqual({ begun: 4, failed: 1, active: 1 });
    expect(successOf(counted)).toBe(0.75);
  });
});

it('sums of flows side by side last as long as one, and of one after the other as long as all', () => {
  const one: Counted = { ...NOTHING_COUNTED, ms: 1000, requests: 2, latency: [1, 1], connections: { begun: 1, failed: 0, active: 4 } };
  expect(together([one, one])).toMatchObject({ ms: 1000, requests: 4, latency: [2, 2], connections: { begun: 2, active: 8 } });
  expect(inTurn([one, one])).toMatchObject({ ms: 2000, requests: 4, connections: { begun: 2, active: 4 } });
  expect(perSecond(3, together([]))).toBe(0);
  expect(successOf(together([]))).toBeUndefined();
});

it.each([
  [{ requests: 10 }, 1],
  [{ requests: 10, failed: 1, denied: 4 }, 0.5],
  [{ denied: 3 }, 0],
  [{ requests: 2, denied: 3 }, 0],
  [{}, undefined],
])('success of %j is %s', (some, expected) => {
  expect(successOf({ ...NOTHING_COUNTED, ...some })).toBe(expected);
});

describe('quantiles', () => {
  it.each([
    [0.5, [10, 0, 0], 0.5],
    [1, [10, 0, 0], 1],
    [0.5, [0, 10, 0], 5.5],
    [0.95, [50, 50, 0], 9.1],
    [0.99, [0, 0, 3], 10],
    [0.5, [0, 0, 0], undefined],
    [0.5, [], undefined],
  ])('%d of %j is %s', (quantile, latency, expected) => {
    const found = quantileMs(quantile, latency, [1, 10]);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected);
  });

  it('grow with the share, and stay within the bounds', () => {
    const counts = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }).filter((all) => all.some((count) => count > 0));
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (latency, a, b) => {
        const of = (share: number) => quantileMs(share, latency, [1, 10, 100])!;
        expect(of(Math.min(a, b))).toBeLessThanOrEqual(of(Math.max(a, b)) + 1e-9);
        expect(of(a)).toBeGreaterThanOrEqual(0);
        expect(of(a)).toBeLessThanOrEqual(100);
      }),
    );
  });
});
