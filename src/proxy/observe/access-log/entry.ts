import type { Socket } from 'node:net';
import type { EndedExchange } from '../../http/service.ts';
import type { Peer } from '../../tls/peer.ts';
import type { Reached } from '../endpoint-stats.ts';
import type { Observer } from '../observer.ts';
import type { ResponseFlag } from '../response-flag.ts';

/** What a line of an access log is made of: a request that is over, or a connection. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly observer: Observer;
  /** Of the client. */
  readonly socket: Socket;
  /** Who the client is, where it has proved that. */
  readonly peer: Peer | undefined;
  /** Absent for a connection. */
  readonly exchange: EndedExchange | undefined;
  /** Name of the route that a request took. */
  readonly route: string | undefined;
  readonly reached: Reached | undefined;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly flag: ResponseFlag | undefined;
  /** Why the proxy itself has answered, or something broke off. */
  readonly reason: string | undefined;
  /** The rule that decided so. */
  readonly rule: string | undefined;
}
