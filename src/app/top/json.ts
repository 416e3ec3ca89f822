import { perSecond, quantileMs, successOf } from '../../api/rates.ts';
import type { TopState } from './frame.ts';
import type { Row } from './rows.ts';

/** One object a moment: names as in `GET /v1/mesh/traffic`, figures of the time since the last one. Times are in milliseconds. */
export function topJson({ at, view, rows = [], boundsMs }: TopState): object {
  return { at, by: view, rows: rows.map((row) => rowJson(row, boundsMs)) };
}

function rowJson({ named, counted }: Row, boundsMs: readonly number[]): object {
  const { ms, requests, failed, denied, retries, connections } = counted;
  return {
    ...named,
    ms,
    requests,
    requestsPerSecond: perSecond(requests, counted),
    failed,
    success: successOf(counted) ?? null,
    p50: quantileMs(0.5, counted.latency, boundsMs) ?? null,
    p95: quantileMs(0.95, counted.latency, boundsMs) ?? null,
    p99: quantileMs(0.99, counted.latency, boundsMs) ?? null,
    denied,
    retries,
    connections,
    bytesUp: counted.bytesUp,
    bytesDown: counted.bytesDown,
  };
}
