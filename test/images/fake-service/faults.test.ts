import { describe, expect, it } from 'vitest';
import { type FaultConfig, FaultInjector } from '../../../src/images/fake-service/faults.ts';
import { ManualClock } from './harness.ts';

const NONE: FaultConfig = { errorRate: 0, errorType: 'http_error', errorCode: 500, errorDelayMs: 0, rateLimit: 0, rateLimitCode: 503 };
const codes = (injector: FaultInjector, count: number) => Array.from({ length: count }, () => injector.next()?.code ?? 200);

describe('error rate', () => {
  it.each([
    [0, '..........'],
    [0.1, '.........x'],
    [0.2, '....x....x'],
    [0.3, '..x..x..x.'],
    [0.5, '.x.x.x.x.x'],
    [0.6, 'xxxxxxxxxx'],
    [1, 'xxxxxxxxxx'],
  ])('%d is %s', (errorRate, expected) => {
    const injector = new FaultInjector({ ...NONE, errorRate }, new ManualClock());
    expect(
      codes(injector, 10)
        .map((code) => (code === 500 ? 'x' : '.'))
        .join(''),
    ).toBe(expected);
  });

  it('says what it is', () => {
    const at = (errorType: string) =>
      new FaultInjector({ ...NONE, errorRate: 1, errorType, errorCode: 418, errorDelayMs: 250 }, new ManualClock());
    expect(at('http_error').next()).toEqual({ code: 418, error: 'Service error automatically injected', delayMs: 0 });
    expect(at('delay').next()).toEqual({ code: 418, error: 'Service delay automatically injected', delayMs: 250 });
  });

  it('can change', () => {
    const injector = new FaultInjector(NONE, new ManualClock());
    expect(codes(injector, 2)).toEqual([200, 200]);
    injector.errorRate = 1;
    expect(codes(injector, 2)).toEqual([500, 500]);
  });
});

describe('rate limit', () => {
  it('lets a burst of one second through, and then as many as time brings', () => {
    const clock = new ManualClock();
    const injector = new FaultInjector({ ...NONE, rateLimit: 2, rateLimitCode: 429 }, clock);
    expect(codes(injector, 3)).toEqual([200, 200, 429]);
    clock.advance(499);
    expect(codes(injector, 1)).toEqual([429]);
    clock.advance(1);
    expect(codes(injector, 2)).toEqual([200, 429]);
    clock.advance(60_000);
    expect(codes(injector, 3)).toEqual([200, 200, 429]);
  });

  it('works below one a second', () => {
    const clock = new ManualClock();
    const injector = new FaultInjector({ ...NONE, rateLimit: 0.5 }, clock);
    expect(codes(injector, 2)).toEqual([200, 503]);
    clock.advance(2_000);
    expect(codes(injector, 2)).toEqual([200, 503]);
  });

  it('comes before errors, and counts for them', () => {
    const injector = new FaultInjector({ ...NONE, errorRate: 0.5, rateLimit: 1 }, new ManualClock());
    expect([injector.next(), injector.next()?.error]).toEqual([undefined, 'Service exceeded rate limit']);
  });
});
