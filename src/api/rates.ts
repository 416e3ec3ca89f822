import type { Flow, Traffic } from './traffic.ts';

/** What flows have counted between two answers of `GET /v1/mesh/traffic`, or since they began. */
export interface Counted {
  /** How long that was. */
  readonly ms: number;
  /** Requests of HTTP that ended, with and without an answer. */
  readonly requests: number;
  /** Those of them that failed: with a 5xx, or without an answer. */
  readonly failed: number;
  /** Requests or connections that a rule has refused. */
  readonly denied: number;
  readonly retries: number;
  /** Connections that pass as bytes: begun, those of them that could not be served, and open at the end. */
  readonly connections: { readonly begun: number; readonly failed: number; readonly active: number };
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Requests by how long they took, in the buckets of the answers. */
  readonly latency: readonly number[];
}

export const NOTHING_COUNTED: Counted = {
  ms: 0,
  requests: 0,
  failed: 0,
  denied: 0,
  retries: 0,
  connections: { begun: 0, failed: 0, active: 0 },
  bytesUp: 0,
  bytesDown: 0,
  latency: [],
};

export interface FlowCount {
  readonly flow: Flow;
  readonly counted: Counted;
}

/** Names a flow: the same in the next answer. */
export const flowKey = (flow: Flow): string =>
  JSON.stringify([flow.side, flow.proxy, flow.sourceDatacenter, flow.source, flow.destination, flow.upstream, flow.route, flow.cluster]);

/** What each flow of `after` has counted since `before`. One that is not in it, or has begun anew, has counted since it began. */
export function countedBetween(before: Traffic, after: Traffic): FlowCount[] {
  const known = new Map(before.flows.map((flow) => [flowKey(flow), flow]));
  const ms = after.at - before.at;
  return after.flows.map((flow) => {
    const last = known.get(flowKey(flow));
    return { flow, counted: last && last.since === flow.since ? less(countedBy(flow, ms), countedBy(last, ms)) : countedBy(flow, ms) };
  });
}

/** All that a flow has counted. */
function countedBy(flow: Flow, ms: number): Counted {
  const { answers, latency, denied, retries, connections, bytesUp, bytesDown } = flow;
  return {
    ms,
    requests: Object.values(answers).reduce((sum, count) => sum + count, 0),
    failed: (answers['5xx'] ?? 0) + (answers.none ?? 0),
    denied,
    retries,
    connections: { begun: connections.total, failed: connections.failed, active: connections.active },
    bytesUp,
    bytesDown,
    latency,
  };
}

function less(a: Counted, b: Counted): Counted {
  return {
    ms: a.ms,
    requests: a.requests - b.requests,
    failed: a.failed - b.failed,
    denied: a.denied - b.denied,
    retries: a.retries - b.retries,
    connections: {
      begun: a.connections.begun - b.connections.begun,
      failed: a.connections.failed - b.connections.failed,
      active: a.connections.active,
    },
    bytesUp: a.bytesUp - b.bytesUp,
    bytesDown: a.bytesDown - b.bytesDown,
    latency: a.latency.map((count, index) => count - (b.latency[index] ?? 0)),
  };
}

/** Of several flows over the same time. */
export function together(all: Iterable<Counted>): Counted {
  let sum = NOTHING_COUNTED;
  for (const one of all) sum = added(sum, one, Math.max(sum.ms, one.ms));
  return sum;
}

/** Of one after the other. */
export function inTurn(all: Iterable<Counted>): Counted {
  let sum = NOTHING_COUNTED;
  for (const one of all)
    sum = { ...added(sum, one, sum.ms + one.ms), connections: { ...added(sum, one, 0).connections, active: one.connections.active } };
  return sum;
}

function added(a: Counted, b: Counted, ms: number): Counted {
  const longer = a.latency.length >= b.latency.length ? a.latency : b.latency;
  return {
    ms,
    requests: a.requests + b.requests,
    failed: a.failed + b.failed,
    denied: a.denied + b.denied,
    retries: a.retries + b.retries,
    connections: {
      begun: a.connections.begun + b.connections.begun,
      failed: a.connections.failed + b.connections.failed,
      active: a.connections.active + b.connections.active,
    },
    bytesUp: a.bytesUp + b.bytesUp,
    bytesDown: a.bytesDown + b.bytesDown,
    latency: longer.map((_, index) => (a.latency[index] ?? 0) + (b.latency[index] ?? 0)),
  };
}

/** A second; 0 when no time has passed. */
export const perSecond = (count: number, { ms }: Pick<Counted, 'ms'>): number => (ms > 0 ? (count * 1000) / ms : 0);

/**
 * From 0 to 1; undefined: nothing was asked for. Requests count, or connections that pass as bytes; what a rule has refused has not
 * succeeded. Who is refused as a connection is not among those that the other end has begun.
 */
export function successOf({ requests, failed, denied, connections }: Counted): number | undefined {
  const bad = failed + connections.failed + denied;
  const all = Math.max(requests + connections.begun, bad);
  return all > 0 ? 1 - bad / all : undefined;
}

/**
 * How long the fastest `quantile` (0 to 1) of requests took, in milliseconds: within a bucket they count as spread evenly, as
 * Prometheus takes it. The last bound when it is above all bounds; undefined without requests.
 */
export function quantileMs(quantile: number, latency: readonly number[], boundsMs: readonly number[]): number | undefined {
  const total = latency.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let below = 0;
  for (const [index, count] of latency.entries()) {
    if (below + count < quantile * total || count === 0) {
      below += count;
      continue;
    }
    const upper = boundsMs[index];
    if (upper === undefined) break;
    const lower = index === 0 ? 0 : boundsMs[index - 1]!;
    return lower + (upper - lower) * ((quantile * total - below) / count);
  }
  return boundsMs.at(-1);
}
