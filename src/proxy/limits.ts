import { DRAIN_MS } from '../compile/proxy-config.ts';

/** Bounds that keep one peer from holding the data plane's memory or sockets. Milliseconds and bytes. */
export interface Limits {
  /** Request or status line with all header fields, and the trailer section likewise. Envoy: 60 KiB. */
  readonly headBytes: number;
  /** From the first byte of a request head to its end. */
  readonly headMs: number;
  /** TLS handshake of an accepted connection. Consul: handshake_timeout_ms 10000. */
  readonly handshakeMs: number;
  /** A keep-alive connection without a request, and a request or response body that doesn't move. Envoy: stream_idle_timeout 5 min. */
  readonly idleMs: number;
  /** A client that asked to be told before it sends its body is told after this time, if the application says nothing. */
  readonly continueMs: number;
  /** An unused mutual-TLS connection in a pool. Shorter than `idleMs`, so that the side that would send closes first. */
  readonly poolIdleMs: number;
  /** The same towards the application. Many application servers close after 2 to 5 s, and a request must not meet that. */
  readonly appIdleMs: number;
  /** A forward waits this long for its client to speak; then the server may be the one to do so. */
  readonly quietMs: number;
  /** A connection or request waits this long for a forward to have a target at all. */
  readonly targetWaitMs: number;
  /** What is still open this long after its sidecar, upstream or forward has left the configuration is cut. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  headBytes: 60 * 1024,
  headMs: 10_000,
  handshakeMs: 10_000,
  idleMs: 300_000,
  continueMs: 1_000,
  poolIdleMs: 60_000,
  appIdleMs: 1_500,
  quietMs: 25,
  targetWaitMs: 1_000,
  drainMs: DRAIN_MS,
};
