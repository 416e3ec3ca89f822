import type { Random } from '../../base/ports.ts';

/** How long a request is made to last. All in nanoseconds, as Go's durations. */
export interface Timing {
  readonly p50Ns: number;
  /** 0: as p50. */
  readonly p90Ns: number;
  /** 0: as p90. */
  readonly p99Ns: number;
  /** A request lasts up to this much longer, in per cent. */
  readonly variancePercent: number;
}

/** The duration of one request. The original's reading of percentiles: nine of ten requests take the one called 50. */
export function requestDurationNs(timing: Timing, random: Pick<Random, 'next'>): number {
  const p90Ns = timing.p90Ns || timing.p50Ns;
  const p99Ns = timing.p99Ns || p90Ns;
  const extraPercent = timing.variancePercent > 0 ? Math.floor(random.next() * timing.variancePercent) : 0;
  const rank = Math.floor(random.next() * 100);
  const base = rank < 90 ? timing.p50Ns : rank < 99 ? p90Ns : p99Ns;
  return base + (base * extraPercent) / 100;
}

const two = (n: number) => String(n).padStart(2, '0');

/** `2026-01-02T15:04:05.000000`: local time without a zone, microseconds. */
export function formatLocalTime(atMs: number): string {
  const at = new Date(atMs);
  const micros = Math.floor((atMs - Math.floor(atMs / 1000) * 1000) * 1000);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(micros).padStart(6, '0')}`;
}
