import type { Socket } from 'node:net';
import type { EndedExchange } from '../../http/service.ts';
import type { Peer } from '../../tls/peer.ts';
import type { Reached } from '../endpoint-stats.ts';
import { flagOfExchange } from '../flags.ts';
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
  /** For the next one and not for a log: fields that let somebody in are told as they are. */
  readonly verbatim?: true;
}

/** `ms` is how long it has taken so far. */
export function entryOf(exchange: EndedExchange, ms: number, observer: Observer, peer: Peer | undefined): LogEntry {
  const { refusal, brokenBy, plan, caller, bytesUp, bytesDown, reached } = exchange;
  return {
    startedAt: performance.timeOrigin + exchange.startedAt,
    durationMs: ms,
    observer,
    socket: caller.socket,
    peer,
    exchange,
    route: plan?.traffic?.name,
    reached,
    bytesUp,
    bytesDown,
    flag: flagOfExchange(exchange),
    reason: refusal?.reason ?? brokenBy,
    rule: refusal?.rule,
  };
}
