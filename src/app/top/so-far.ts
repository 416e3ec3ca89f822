import { type Counted, countedBetween, type FlowCount, successOf, together } from '../../api/rates.ts';
import type { Flow, Traffic } from '../../api/traffic.ts';
import { callsOf } from './rows.ts';

/** What has been counted since it began, of flows that belong together; `calls` are requests and connections that pass as bytes. */
export interface SoFar {
  readonly calls: number;
  readonly failed: number;
  /** Null: there was no call. */
  readonly success: number | null;
  readonly denied: number;
  readonly retries: number;
  readonly open: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Each call once. */
export function countsSoFar(traffic: Traffic): FlowCount[] {
  return callsOf(countedBetween({ at: traffic.at, boundsMs: traffic.boundsMs, flows: [] }, traffic));
}

export function soFar(counts: readonly FlowCount[], belongs: (flow: Flow) => boolean): SoFar {
  const counted: Counted = together(counts.filter(({ flow }) => belongs(flow)).map((one) => one.counted));
  const { requests, failed, denied, retries, connections, bytesUp, bytesDown } = counted;
  return {
    calls: requests + connections.begun,
    failed: failed + connections.failed,
    success: successOf(counted) ?? null,
    denied,
    retries,
    open: connections.active,
    bytesUp,
    bytesDown,
  };
}
