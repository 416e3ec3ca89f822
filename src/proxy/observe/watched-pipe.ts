import type { Socket } from 'node:net';
import { type PipeCounters, pipe } from '../socket/pipe.ts';
import type { Peer } from '../tls/peer.ts';
import { reachedBy } from './endpoint-stats.ts';
import type { Observer } from './observer.ts';

export interface WatchedPipe {
  /** Of the listener. */
  readonly counters: PipeCounters;
  readonly observer: Observer;
  readonly peer?: Peer;
  /** `performance.now()` when the client was accepted. */
  readonly startedAt: number;
}

/** Joins two sockets, and tells of the connection when it is over, if somebody wants to know. */
export function watchedPipe(down: Socket, up: Socket, { counters, observer, peer, startedAt }: WatchedPipe): void {
  if (!observer.proxy.accessLog) {
    pipe(down, up, counters, () => undefined);
    return;
  }
  const own = new OwnCounters(counters);
  const reached = reachedBy(up);
  pipe(down, up, own, () =>
    observer.connectionEnded({ socket: down, peer, startedAt, bytesUp: own.bytesUp, bytesDown: own.bytesDown, reached }),
  );
}

/** Counts for one connection, and for its listener at the same time. */
class OwnCounters implements PipeCounters {
  readonly #all: PipeCounters;
  #up = 0;
  #down = 0;

  constructor(all: PipeCounters) {
    this.#all = all;
  }

  get bytesUp(): number {
    return this.#up;
  }

  set bytesUp(bytes: number) {
    this.#all.bytesUp += bytes - this.#up;
    this.#up = bytes;
  }

  get bytesDown(): number {
    return this.#down;
  }

  set bytesDown(bytes: number) {
    this.#all.bytesDown += bytes - this.#down;
    this.#down = bytes;
  }
}
