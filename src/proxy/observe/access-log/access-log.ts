import type { Socket } from 'node:net';
import type { AccessLogs } from '../../../compile/proxy-config.ts';
import type { Refusal } from '../../http/respond.ts';
import type { EndedExchange } from '../../http/service.ts';
import type { Peer } from '../../tls/peer.ts';
import type { Reached } from '../endpoint-stats.ts';
import type { Observer } from '../observer.ts';
import { entryOf, type LogEntry } from './entry.ts';
import { compileFormat, type LineFormat } from './format.ts';
import type { LogFile } from './log-file.ts';

/** A connection that passed as bytes, or that was refused. */
export interface EndedConnection {
  readonly socket: Socket;
  readonly peer?: Peer | undefined;
  /** `performance.now()` when it was accepted. */
  readonly startedAt: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly reached?: Reached | undefined;
  readonly refused?: ConnectionRefusal;
}

export type ConnectionRefusal = Pick<Refusal, 'reason' | 'flag' | 'rule' | 'denial'>;

/** The access log of one proxy: a line for each request and connection, when it is over. */
export class AccessLog {
  readonly #file: LogFile;
  readonly #format: LineFormat;
  readonly refusedConnections: boolean;

  constructor(config: AccessLogs, file: LogFile, unknown: (operator: string) => void) {
    this.#file = file;
    this.#format = compileFormat(config.format, unknown);
    this.refusedConnections = config.refusedConnections;
  }

  request(exchange: EndedExchange, ms: number, observer: Observer, peer: Peer | undefined): void {
    this.#write(entryOf(exchange, ms, observer, peer));
  }

  connection({ socket, peer, startedAt, bytesUp, bytesDown, reached, refused }: EndedConnection, observer: Observer): void {
    if (refused && !this.refusedConnections) return;
    this.#write({
      startedAt: performance.timeOrigin + startedAt,
      durationMs: performance.now() - startedAt,
      observer,
      socket,
      peer,
      exchange: undefined,
      route: undefined,
      reached,
      bytesUp,
      bytesDown,
      flag: refused?.flag,
      reason: refused?.reason,
      rule: refused?.rule,
    });
  }

  #write(entry: LogEntry): void {
    this.#file.write(this.#format(entry));
  }
}
