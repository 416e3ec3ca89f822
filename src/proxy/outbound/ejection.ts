import type { OutlierDetection } from '../../compile/proxy-config.ts';

/** What an attempt told of its host. `gateway`: 502, 503, 504, or no answer at all; `error`: any other 5xx. */
export type Outcome = 'success' | 'error' | 'gateway';

/** What is remembered of one host. Replaced as a whole, never changed. Milliseconds of one clock. */
export interface OutlierState {
  /** Failures in a row, and those of gateways among them. */
  readonly errors: number;
  readonly gatewayErrors: number;
  /** Ejected until then; 0: it is not. */
  readonly until: number;
  /** Ejections that have not been forgiven; each makes the next one longer. */
  readonly ejections: number;
  /** When the last one ended. */
  readonly returnedAt: number;
}

export const HEALTHY: OutlierState = { errors: 0, gatewayErrors: 0, until: 0, ejections: 0, returnedAt: 0 };

/** When a host is ejected, and for how long. */
export type EjectionRules = Required<Omit<OutlierDetection, 'from'>>;

/** Envoy's defaults, which are Consul's. Ejection for gateway failures alone is counted but not enforced. */
export const DEFAULT_OUTLIER: EjectionRules = {
  intervalMs: 10_000,
  consecutive5xx: 5,
  enforcing5xx: 100,
  consecutiveGatewayFailure: 5,
  enforcingGatewayFailure: 0,
  maxEjectionPercent: 10,
  baseEjectionMs: 30_000,
};

/** Envoy: no ejection is longer, unless the first one is. */
const MAX_EJECTION_MS = 300_000;

export interface EjectionContext {
  readonly settings: EjectionRules;
  /** Never the last one. */
  readonly sparesLast: boolean;
  /** Of the cluster: all hosts, and those that are ejected now. */
  readonly hosts: number;
  readonly ejected: number;
  readonly now: number;
  /** Looks at the hosts are taken every interval from here on. */
  readonly startedAt: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The state after an attempt. The same object when nothing is to be remembered, as with nearly every one. */
export function afterOutcome(state: OutlierState, outcome: Outcome, context: EjectionContext): OutlierState {
  if (outcome === 'success') return state.errors === 0 ? state : { ...state, errors: 0, gatewayErrors: 0 };
  const { settings } = context;
  const errors = state.errors + 1;
  const gatewayErrors = outcome === 'gateway' ? state.gatewayErrors + 1 : 0;
  const counted = { ...state, errors, gatewayErrors };
  // An answer that was on its way when the host was ejected.
  if (state.until > 0) return counted;
  const gatewayDue = settings.consecutiveGatewayFailure > 0 && gatewayErrors === settings.consecutiveGatewayFailure;
  const due = settings.consecutive5xx > 0 && errors === settings.consecutive5xx;
  const enforced = (due && enforce(settings.enforcing5xx, context)) || (gatewayDue && enforce(settings.enforcingGatewayFailure, context));
  if (enforced && mayEject(context)) return eject(counted, context);
  return { ...counted, ...(due ? { errors: 0 } : {}), ...(gatewayDue ? { gatewayErrors: 0 } : {}) };
}

/** The state at a time: an ejection ends at the first look at the hosts after its time is over. */
export function atTime(state: OutlierState, now: number): OutlierState {
  return state.until === 0 || now < state.until ? state : { ...state, errors: 0, gatewayErrors: 0, until: 0, returnedAt: state.until };
}

function enforce(percent: number, { random }: EjectionContext): boolean {
  return percent >= 100 || random() * 100 < percent;
}

/** Consul: at least one may be ejected, however few there are. */
function mayEject({ settings, sparesLast, hosts, ejected }: EjectionContext): boolean {
  if (sparesLast && ejected + 1 >= hosts) return false;
  const { maxEjectionPercent: max } = settings;
  return max > 0 && (ejected === 0 || (100 * ejected) / hosts < max);
}

function eject(state: OutlierState, { settings, now, startedAt }: EjectionContext): OutlierState {
  const { intervalMs, baseEjectionMs } = settings;
  // Envoy forgives one ejection with each look that finds the host in its place.
  const forgiven = state.ejections === 0 ? 0 : Math.floor((now - state.returnedAt) / intervalMs);
  const ejections = Math.max(0, state.ejections - forgiven) + 1;
  const over = now + Math.min(baseEjectionMs * ejections, Math.max(baseEjectionMs, MAX_EJECTION_MS));
  const looks = Math.ceil((over - startedAt) / intervalMs);
  return { errors: 0, gatewayErrors: 0, until: startedAt + looks * intervalMs, ejections, returnedAt: 0 };
}
