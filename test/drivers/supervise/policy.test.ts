import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialState, type SupervisorEvent, type SupervisorState, step } from '../../../src/drivers/supervise/policy.ts';

const at = (phase: SupervisorState['phase'], more: Partial<SupervisorState> = {}): SupervisorState => ({ ...initialState, phase, ...more });
const exited = { type: 'exited', code: 1 } as const;

describe('each event in each phase', () => {
  it.each<[SupervisorState['phase'], SupervisorEvent, SupervisorState['phase'], string[]]>([
    ['starting', { type: 'started', at: 0 }, 'running', []],
    ['starting', exited, 'backoff', ['retry-in']],
    ['starting', { type: 'stop' }, 'stopped', []],
    ['starting', { type: 'ready' }, 'starting', []],
    ['starting', { type: 'retry' }, 'starting', []],
    ['running', { type: 'ready' }, 'ready', []],
    ['running', { type: 'unready' }, 'running', []],
    ['running', { type: 'not-alive' }, 'running', ['kill']],
    ['running', exited, 'backoff', ['retry-in']],
    ['running', { type: 'stop' }, 'stopping', ['kill']],
    ['ready', { type: 'unready' }, 'running', []],
    ['ready', { type: 'not-alive' }, 'running', ['kill']],
    ['ready', exited, 'backoff', ['retry-in']],
    ['ready', { type: 'stop' }, 'stopping', ['kill']],
    ['backoff', { type: 'retry' }, 'starting', ['start']],
    ['backoff', { type: 'not-alive' }, 'backoff', []],
    ['backoff', { type: 'ready' }, 'backoff', []],
    ['backoff', { type: 'stop' }, 'stopped', []],
    ['stopping', exited, 'stopped', []],
    ['stopping', { type: 'not-alive' }, 'stopping', []],
    ['stopping', { type: 'retry' }, 'stopping', []],
    ['stopped', { type: 'retry' }, 'stopped', []],
    ['stopped', { type: 'started', at: 0 }, 'stopped', []],
    ['failed', { type: 'retry' }, 'failed', []],
    ['failed', { type: 'ready' }, 'failed', []],
  ])('%s, %j -> %s', (phase, event, next, effects) => {
    const result = step(at(phase), event, 1000);
    expect(result.state.phase).toBe(next);
    expect(result.effects.map((effect) => effect.type)).toEqual(effects);
  });
});

it('gives up after three quick exits before the first readiness, and never after it', () => {
  expect(step(at('running', { quickExits: 2 }), exited, 1).state.phase).toBe('failed');
  expect(step(at('running', { quickExits: 2, everReady: true }), exited, 1).state.phase).toBe('backoff');
  expect(step(at('running', { quickExits: 1_000_000, everReady: true }), exited, 1).effects).toEqual([{ type: 'retry-in', ms: 10_000 }]);
});

it('waits longer with each exit in a row, and begins anew with a process that lived', () => {
  const backOff = { firstMs: 10, maxMs: 500, stableMs: 500 };
  const waits = (livedMs: number) =>
    [0, 1, 2, 100].flatMap((quickExits) => step(at('running', { quickExits, everReady: true }), exited, livedMs, backOff).effects);
  expect(waits(499)).toEqual([10, 20, 40, 500].map((ms) => ({ type: 'retry-in', ms })));
  expect(waits(500)).toEqual([10, 10, 10, 10].map((ms) => ({ type: 'retry-in', ms })));
});

it('knows when and why the last process ended', () => {
  const live = (...events: SupervisorEvent[]) => events.reduce((state, event) => step(state, event, 42).state, initialState);
  const started = { type: 'started', at: 1 } as const;
  expect(live(started, exited)).toMatchObject({ lastExit: 1, lastExitAt: 42, lastExitCause: 'exited' });
  expect(live({ ...exited, started: false })).toMatchObject({ lastExitCause: 'not-started' });
  const restarted = [started, { type: 'ready' }, { type: 'not-alive' }, exited, { type: 'retry' }, started] as const;
  expect(live(...restarted)).toMatchObject({ lastExitCause: 'not-alive', restarts: 1, phase: 'running' });
  expect(live(...restarted, { type: 'ready' }, exited)).toMatchObject({ lastExitCause: 'exited' });
});

it('takes no process for ready that is being ended', () => {
  const dying = step(at('ready'), { type: 'not-alive' }, 1).state;
  expect(step(dying, { type: 'ready' }, 2).state.phase).toBe('running');
});

it('starts the back-off anew after a stable run, but not for a start that failed long after the last one', () => {
  const quick = { quickExits: 5, everReady: true, startedAt: 1000 };
  expect(step(at('ready', quick), exited, 11_000)).toMatchObject({ state: { quickExits: 1 }, effects: [{ ms: 100 }] });
  expect(step(at('ready', quick), exited, 10_999)).toMatchObject({ state: { quickExits: 6 }, effects: [{ ms: 3200 }] });
  expect(step(at('starting', quick), exited, 11_000)).toMatchObject({ state: { quickExits: 6 } });
});

/** A life of a workload: events with the time that passed before each. */
const life = fc.array(
  fc.tuple(
    fc.constantFrom<SupervisorEvent>(
      { type: 'started', at: 0 },
      exited,
      { type: 'ready' },
      { type: 'unready' },
      { type: 'not-alive' },
      { type: 'retry' },
      { type: 'stop' },
    ),
    fc.integer({ min: 0, max: 20_000 }),
  ),
  { maxLength: 60 },
);

describe('whatever happens', () => {
  it('the back-off lies between 100 ms and 10 s and grows from one quick exit to the next', () => {
    fc.assert(
      fc.property(life, (events) => {
        let state = initialState;
        let now = 0;
        let last = 0;
        for (const [event, passed] of events) {
          now += passed;
          const result = step(state, event.type === 'started' ? { ...event, at: now } : event, now);
          for (const effect of result.effects) {
            if (effect.type !== 'retry-in') continue;
            expect(effect.ms).toBeGreaterThanOrEqual(100);
            expect(effect.ms).toBeLessThanOrEqual(10_000);
            if (result.state.quickExits > 1) expect(effect.ms).toBe(Math.min(last * 2, 10_000));
            last = effect.ms;
          }
          state = result.state;
        }
      }),
    );
  });

  it('nothing is started after a stop, and what was stopped stays so', () => {
    fc.assert(
      fc.property(life, life, (before, after) => {
        let state = before.reduce((current, [event]) => step(current, event, 0).state, initialState);
        state = step(state, { type: 'stop' }, 0).state;
        for (const [event] of after) {
          const result = step(state, event, 0);
          expect(result.effects).toEqual([]);
          state = result.state;
        }
        expect(['stopping', 'stopped', 'failed']).toContain(state.phase);
      }),
    );
  });

  it('restarts count the starts but the first', () => {
    fc.assert(
      fc.property(life, (events) => {
        let state = initialState;
        let starts = 0;
        for (const [event] of events) {
          const result = step(state, event, 0);
          starts += result.effects.filter((effect) => effect.type === 'start').length;
          state = result.state;
        }
        expect(state.restarts).toBe(starts);
      }),
    );
  });
});
