import { describe, expect, it } from 'vitest';
import {
  afterOutcome,
  atTime,
  DEFAULT_OUTLIER,
  type EjectionContext,
  HEALTHY,
  type Outcome,
  type OutlierState,
} from '../../../src/proxy/outbound/ejection.ts';

const context = (over: Partial<EjectionContext> = {}, settings: Partial<EjectionContext['settings']> = {}): EjectionContext => ({
  settings: { ...DEFAULT_OUTLIER, ...settings },
  sparesLast: false,
  hosts: 3,
  ejected: 0,
  now: 1_000,
  startedAt: 0,
  random: () => 0.5,
  ...over,
});
const stateAfter = (outcomes: readonly Outcome[], given = context(), from: OutlierState = HEALTHY): OutlierState =>
  outcomes.reduce((state, outcome) => afterOutcome(state, outcome, given), from);
const times = (count: number, outcome: Outcome = 'error'): Outcome[] => Array.from({ length: count }, () => outcome);

describe('ejection', () => {
  it('comes with the fifth failure in a row, and lasts to the first look after 30 s', () => {
    expect(stateAfter(times(4)).until).toBe(0);
    expect(stateAfter(times(5)).until).toBe(40_000);
    expect(stateAfter(times(5), context({ now: 30_000 })).until).toBe(60_000);
  });

  it('is put off by any success', () => expect(stateAfter([...times(4), 'success', ...times(4)]).until).toBe(0));

  it('remembers nothing of a success, and makes nothing for it', () => expect(stateAfter(times(3, 'success'))).toBe(HEALTHY));

  it.each([
    ['MaxFailures', { consecutive5xx: 2 }, times(2), true],
    ['no failures count', { consecutive5xx: 0 }, times(50), false],
    ['failures of gateways count as failures', {}, times(5, 'gateway'), true],
    ['failures of gateways alone', { consecutive5xx: 0, enforcingGatewayFailure: 100 }, times(5, 'gateway'), true],
    [
      'another failure between them',
      { consecutive5xx: 0, enforcingGatewayFailure: 100 },
      [...times(4, 'gateway'), 'error', 'gateway'],
      false,
    ],
    ['they are not enforced by default', { consecutive5xx: 0 }, times(50, 'gateway'), false],
    ['enforced never', { enforcing5xx: 0 }, times(50), false],
    ['by chance: drawn', { enforcing5xx: 60 }, times(5), true],
    ['by chance: not drawn', { enforcing5xx: 40 }, times(5), false],
  ] as const)('%s', (_, settings, outcomes, ejects) => {
    expect(stateAfter(outcomes, context({}, settings)).until > 0).toBe(ejects);
  });

  it('starts to count anew after one that was not enforced', () => {
    const spared = stateAfter(times(5), context({}, { enforcing5xx: 0 }));
    expect(stateAfter(times(4), context(), spared).until).toBe(0);
    expect(stateAfter(times(5), context(), spared).until).toBeGreaterThan(0);
  });

  it.each([
    ['the first, however small the part', 3, 0, 10, false, true],
    ['a second when there is room', 20, 1, 10, false, true],
    ['no second when there is none', 3, 1, 10, false, false],
    ['none at all at 0 %', 3, 0, 0, false, false],
    ['the only one there is', 1, 0, 10, false, true],
    ['not the only one if it is to be spared', 1, 0, 10, true, false],
    ['nor the last', 3, 2, 100, true, false],
  ])('%s', (_, hosts, ejected, maxEjectionPercent, sparesLast, ejects) => {
    expect(stateAfter(times(5), context({ hosts, ejected, sparesLast }, { maxEjectionPercent })).until > 0).toBe(ejects);
  });

  it('is longer each time, up to five minutes, and shorter again with each look in peace', () => {
    const settings = { intervalMs: 1, baseEjectionMs: 100 };
    const again = (state: OutlierState, now: number) => stateAfter(times(5), context({ now }, settings), state);
    let state = again(HEALTHY, 0);
    expect(state.until).toBe(100);
    state = again(atTime(state, 100), 100);
    expect(state.until).toBe(300);
    state = again(atTime(state, 300), 301);
    expect(state.until - 301).toBe(200);
    state = again(atTime(state, 501), 10_000);
    expect(state.until - 10_000).toBe(100);
    const worn: OutlierState = { ...HEALTHY, ejections: 1e6, returnedAt: 10_000 };
    expect(again(worn, 10_000).until - 10_000).toBe(300_000);
    const patient = context({ now: 0 }, { intervalMs: 1, baseEjectionMs: 400_000 });
    expect(stateAfter(times(5), patient).until).toBe(400_000);
  });

  it('is not made longer by answers that were on their way', () => {
    const ejected = stateAfter(times(5));
    expect(stateAfter(times(20), context({ now: 2_000 }), ejected).until).toBe(ejected.until);
  });

  it('ends in its time, and not before', () => {
    const ejected = stateAfter(times(5));
    expect(atTime(ejected, 39_999)).toBe(ejected);
    expect(atTime(ejected, 40_000)).toMatchObject({ until: 0, errors: 0, ejections: 1 });
  });
});
