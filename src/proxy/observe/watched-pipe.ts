import type { Socket } from 'node:net';
import { type PipeCounters, pipe } from '../socket/pipe.ts';
import type { Peer } from '../tls/peer.ts';
import { reachedBy } from './endpoint-stats.ts';
import type { Observer } from './observer.ts';
import type { Traffic } from './traffic.ts';

export interface WatchedPipe {
  /** Of the listener. */
  readonly counters: PipeCounters;
  readonly observer: Observer;
  /** Of the source, or of the split. */
  readonly traffic: Traffic | undefined;
  readonly peer?: Peer;
  /** `performance.now()` when the client was accepted. */
  readonly startedAt: number;
}

/** Joins two sockets, and tells of the connection when it is over, if somebody wants to know. */
export function watchedPipe(down: Socket, up: Socket, { counters, observer, traffic, peer, startedAt }: WatchedPipe): void {
  if (traffic) countWhileOpen(up, traffic);
  const own = new OwnCounters(counters, traffic);
  const { accessLog, taps } = observer.proxy;
  if (!accessLog && !taps.open) {
    pipe(down, up, own, () => undefined);
    return;
  }
  const reached = reachedBy(up);
  pipe(down, up, own, () =>
    observer.connectionEnded({ socket: down, peer, startedAt, bytesUp: own.bytesUp, bytesDown: own.bytesDown, reached }),
  );
}

function countWhileOpen(up: Socket, { connections }: Traffic): void {
  if (up.closed) return;
  connections.active++;
  up.once('close', () => {
    connections.active--;
  });
}

/** Counts for one connection, for its listener and for what is counted together with it, at the same time. */
class OwnCounters implements PipeCounters {
  readonly #all: PipeCounters;
  readonly #some: PipeCounters;
  #up = 0;
  #down = 0;

  constructor(all: PipeCounters, some: PipeCounters = { bytesUp: 0, bytesDown: 0 }) {
    this.#all = all;
    this.#some = some;
  }

  get bytesUp(): number {
    return this.#up;
  }

  set bytesUp(bytes: number) {
    this.#all.bytesUp += bytes - this.#up;
    this.#some.bytesUp += bytes - this.#up;
    this.#up = bytes;
  }

  get bytesDown(): number {
    return this.#down;
  }

  set bytesDown(bytes: number) {
    this.#all.bytesDown += bytes - this.#down;
    this.#some.bytesDown += bytes - this.#down;
    this.#down = bytes;
  }
}
