import type { Socket } from 'node:net';
import type { ListenerStats } from '../stats.ts';

/** The connections that one owner has accepted: counted while they are open, cut when draining them takes too long. */
export class OpenSockets {
  readonly #stats: ListenerStats;
  readonly #sockets = new Set<Socket>();
  #deadline: NodeJS.Timeout | undefined;
  #allClosed: () => void = () => undefined;

  constructor(stats: ListenerStats) {
    this.#stats = stats;
  }

  add(socket: Socket): void {
    this.#stats.connections++;
    this.#stats.activeConnections++;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#stats.activeConnections--;
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#allClosed();
    });
  }

  /** Resolves when on each connection everything has been said: what is left is the peer's closing of its side. */
  async quiet(): Promise<void> {
    await Promise.all(Array.from(this.#sockets, hasFinished));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /**
   * Resolves when the last connection has closed. `lastWords` is called when the deadline is over, just before what is still
   * open is closed. Called again, it sets a new deadline; one promise and the other resolve together.
   */
  drained(deadlineMs: number, lastWords: () => void): Promise<void> {
    clearTimeout(this.#deadline);
    if (this.#sockets.size === 0) return Promise.resolve();
    this.#deadline = setTimeout(() => {
      lastWords();
      // HTTP/2 sends what it was given when the tasks of the moment are done.
      setImmediate(() => setImmediate(() => this.#cut()));
    }, deadlineMs).unref();
    return new Promise((resolve) => {
      const earlier = this.#allClosed;
      this.#allClosed = () => {
        clearTimeout(this.#deadline);
        earlier();
        resolve();
      };
    });
  }
}

function hasFinished(socket: Socket): Promise<void> {
  if (socket.writableFinished || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once('finish', resolve);
    socket.once('close', () => resolve());
  });
}
