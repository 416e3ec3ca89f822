/**
 * When to start, restart and give up a workload: a pure step function, `step(state, event, now)`.
 * A workload that was ready once is restarted for ever with back-off; one that never got ready is given up after a few
 * quick tries, so that `run` can show why.
 */
export type Phase = 'starting' | 'running' | 'ready' | 'backoff' | 'stopping' | 'stopped' | 'failed';

/** Why a process ended: by itself (or by a signal from elsewhere), for its liveness, or because it never began. */
export type ExitCause = 'exited' | 'not-alive' | 'not-started';

export interface SupervisorState {
  readonly phase: Phase;
  readonly everReady: boolean;
  /** Restarts since the workload was first started. */
  readonly restarts: number;
  /** Exits in a row without a stable stretch; decides the back-off. */
  readonly quickExits: number;
  /** When the present process was started, in ms since the epoch. */
  readonly startedAt: number;
  readonly lastExit: number | undefined;
  /** When that was, in ms since the epoch, and why. */
  readonly lastExitAt: number | undefined;
  readonly lastExitCause: ExitCause | undefined;
  /** The present process is being ended because its liveness check failed. */
  readonly dying: boolean;
}

export type SupervisorEvent =
  | { readonly type: 'started'; readonly at: number }
  | { readonly type: 'exited'; readonly code: number | undefined; readonly started?: false }
  | { readonly type: 'ready' }
  | { readonly type: 'unready' }
  | { readonly type: 'not-alive' }
  | { readonly type: 'retry' }
  | { readonly type: 'stop' };

export type SupervisorEffect = { readonly type: 'start' } | { readonly type: 'kill' } | { readonly type: 'retry-in'; readonly ms: number };

export interface Step {
  readonly state: SupervisorState;
  readonly effects: readonly SupervisorEffect[];
}

export const initialState: SupervisorState = {
  phase: 'starting',
  everReady: false,
  restarts: 0,
  quickExits: 0,
  startedAt: 0,
  lastExit: undefined,
  lastExitAt: undefined,
  lastExitCause: undefined,
  dying: false,
};

/** How long to wait before the next start: doubled with each exit in a row. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that lived this long is not crash-looping: its next back-off starts anew. */
  readonly stableMs: number;
}

const OF_WORKLOADS: BackOff = { firstMs: 100, maxMs: 10_000, stableMs: 10_000 };
/** Exits before the first readiness after which a workload is given up. */
const GIVE_UP_AFTER = 3;

export function step(state: SupervisorState, event: SupervisorEvent, now: number, backOff = OF_WORKLOADS): Step {
  const stay: Step = { state, effects: [] };
  const to = (change: Partial<SupervisorState>, ...effects: SupervisorEffect[]): Step => ({ state: { ...state, ...change }, effects });
  const { phase } = state;
  if (phase === 'stopped' || phase === 'failed') return stay;
  if (phase === 'stopping') return event.type === 'exited' ? to({ phase: 'stopped', lastExit: event.code }) : stay;
  switch (event.type) {
    case 'started':
      return to({ phase: 'running', startedAt: event.at, dying: false });
    case 'ready':
      return phase === 'running' && !state.dying ? to({ phase: 'ready', everReady: true }) : stay;
    case 'unready':
      return phase === 'ready' ? to({ phase: 'running' }) : stay;
    case 'not-alive':
      // Nobody should be sent to a process on its way out.
      return phase === 'running' || phase === 'ready' ? to({ phase: 'running', dying: true }, { type: 'kill' }) : stay;
    case 'retry':
      return phase === 'backoff' ? to({ phase: 'starting', restarts: state.restarts + 1 }, { type: 'start' }) : stay;
    case 'stop':
      return phase === 'running' || phase === 'ready' ? to({ phase: 'stopping' }, { type: 'kill' }) : to({ phase: 'stopped' });
    case 'exited': {
      const stable = phase !== 'starting' && now - state.startedAt >= backOff.stableMs;
      const quickExits = stable ? 1 : state.quickExits + 1;
      const cause: ExitCause = event.started === false ? 'not-started' : state.dying ? 'not-alive' : 'exited';
      const next = { quickExits, lastExit: event.code, lastExitAt: now, lastExitCause: cause };
      if (!state.everReady && quickExits >= GIVE_UP_AFTER) return to({ ...next, phase: 'failed' });
      const ms = Math.min(backOff.firstMs * 2 ** (quickExits - 1), backOff.maxMs);
      return to({ ...next, phase: 'backoff' }, { type: 'retry-in', ms });
    }
  }
}
