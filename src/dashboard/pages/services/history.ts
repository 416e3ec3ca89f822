import { type Counted, perSecond, quantileMs, successOf } from '../../../api/rates.ts';

/** Five minutes of one service, a point a second; new arrays each time. */
export interface History {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly requests: readonly number[];
  readonly connections: readonly number[];
  readonly denied: readonly number[];
  /** Percent. */
  readonly success: readonly (number | null)[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  /** Bytes a second, both ways. */
  readonly bytes: readonly number[];
}

export const NO_HISTORY: History = {
  times: [],
  requests: [],
  connections: [],
  denied: [],
  success: [],
  p50: [],
  p95: [],
  p99: [],
  bytes: [],
};

const KEPT_S = 300;

/** With one point more, without those that are too old. `at` is in milliseconds since the epoch. */
export function extended(history: History, at: number, counted: Counted, boundsMs: readonly number[]): History {
  const time = at / 1000;
  const first = history.times.findIndex((one) => one >= time - KEPT_S);
  const kept = <T>(values: readonly T[], next: T): readonly T[] => [...(first === -1 ? [] : values.slice(first)), next];
  const share = successOf(counted);
  const quantile = (q: number): number | null => quantileMs(q, counted.latency, boundsMs) ?? null;
  return {
    times: kept(history.times, time),
    requests: kept(history.requests, perSecond(counted.requests, counted)),
    connections: kept(history.connections, perSecond(counted.connections.begun, counted)),
    denied: kept(history.denied, perSecond(counted.denied, counted)),
    success: kept(history.success, share === undefined ? null : share * 100),
    p50: kept(history.p50, quantile(0.5)),
    p95: kept(history.p95, quantile(0.95)),
    p99: kept(history.p99, quantile(0.99)),
    bytes: kept(history.bytes, perSecond(counted.bytesUp + counted.bytesDown, counted)),
  };
}
