/** A line of `GET /v1/mesh/tap`: one request as one sidecar has seen it. Fields that hold secrets have their values taken out. */
export interface TappedRequest {
  /** A connection that has passed as bytes, or was refused: without method, host, target, status and fields. */
  readonly connection?: true;
  /** Milliseconds since the epoch when its head had been read. */
  readonly at: number;
  readonly durationMs: number;
  readonly proxy: string;
  readonly direction: 'inbound' | 'outbound';
  readonly source: string;
  /** The service behind an inbound listener, or the name of the upstream. */
  readonly destination: string;
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly target: string;
  /** 0: there was no answer. */
  readonly status: number;
  /** Envoy's response flag; empty when nothing went wrong. */
  readonly flag: string;
  /** Why the proxy itself has answered, or the answer is not whole. */
  readonly reason?: string;
  /** The rule that decided so. */
  readonly rule?: string;
  readonly route?: string;
  readonly cluster?: string;
  /** `10.5.0.110:21000` */
  readonly endpoint?: string;
  readonly retries: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** name, value, name, value, … */
  readonly requestFields: readonly string[];
  readonly responseFields: readonly string[];
}
