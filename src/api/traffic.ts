/**
 * `GET /v1/mesh/traffic`: what sidecars have counted since they began. Rates are the difference of two answers over the difference
 * of their `at`; a flow whose `since` has changed began anew.
 */
export interface Traffic {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Upper bounds of the buckets of all latencies, in milliseconds; one bucket more is for what took longer. */
  readonly boundsMs: readonly number[];
  readonly flows: readonly Flow[];
}

/** Requests, or connections that pass as bytes, as one sidecar or gateway has seen them on one side. */
export interface Flow {
  /** What the caller's sidecar has seen, or the one of the service that was called. */
  readonly side: 'outbound' | 'inbound';
  /** Id of the proxy that has counted. */
  readonly proxy: string;
  readonly source: string;
  readonly sourceDatacenter: string;
  readonly destination: string;
  readonly destinationDatacenter: string;
  /** Of the outbound side: the upstream that was called, the route that was taken (`/currency*`), and the target that was drawn. */
  readonly upstream?: string;
  readonly route?: string;
  readonly cluster?: string;
  /** Subset of the destination; empty: all instances. */
  readonly subset?: string;
  /** When these counters began, in milliseconds since the epoch: with the proxy, or when a route that was gone came back. */
  readonly since: number;
  /** Requests of HTTP by class of their status; `none` had no answer. Empty for connections that pass as bytes. */
  readonly answers: Readonly<Partial<Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'none', number>>>;
  /** Requests by how long they took: one number more than there are bounds. */
  readonly latency: readonly number[];
  readonly latencySumMs: number;
  /** Requests, or connections, that a rule has refused. */
  readonly denied: number;
  readonly retries: number;
  /** Connections that pass as bytes: how many there were, are, and how many could not be served. */
  readonly connections: { readonly total: number; readonly active: number; readonly failed: number };
  readonly bytesUp: number;
  readonly bytesDown: number;
}
