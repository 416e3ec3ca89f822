import type { ClientConnection } from './client-connection.ts';

interface Idle {
  readonly connection: ClientConnection;
  readonly since: number;
}

const MAX_IDLE = 256;

/** Idle connections to one endpoint; the one used last is taken first, so that the others can age and go. */
export class Pool {
  readonly #idleMs: number;
  readonly #now: () => number;
  #idle: Idle[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(idleMs: number, now: () => number) {
    this.#idleMs = idleMs;
    this.#now = now;
  }

  /** A connection made for this endpoint returns here whenever it is idle, unless somebody else takes it (`offer` is true). */
  adopt(connection: ClientConnection, offer: (idle: ClientConnection) => boolean = () => false): void {
    connection.onIdle = (idle) => {
      if (!offer(idle)) this.put(idle);
    };
    connection.onClosed = (gone) => {
      this.#idle = this.#idle.filter((entry) => entry.connection !== gone);
    };
  }

  take(): ClientConnection | undefined {
    for (let entry = this.#idle.pop(); entry; entry = this.#idle.pop()) {
      if (entry.connection.usable && this.#now() - entry.since < this.#idleMs) return entry.connection;
      entry.connection.destroy();
    }
    return undefined;
  }

  put(connection: ClientConnection): void {
    if (this.#closed || this.#idle.length >= MAX_IDLE) {
      connection.destroy();
      return;
    }
    this.#idle.push({ connection, since: this.#now() });
    this.#timer ??= setTimeout(() => this.#sweep(), this.#idleMs).unref();
  }

  /** Ends the connection that has been idle longest; false when there is none. */
  evict(): boolean {
    const oldest = this.#idle.shift();
    oldest?.connection.destroy();
    return oldest !== undefined;
  }

  /** Connections in use finish their exchange and close. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
  }

  #sweep(): void {
    this.#timer = undefined;
    const oldest = this.#now() - this.#idleMs;
    const stale = this.#idle.filter((entry) => entry.since <= oldest);
    this.#idle = this.#idle.filter((entry) => entry.since > oldest);
    for (const { connection } of stale) connection.destroy();
    if (this.#idle.length > 0) this.#timer = setTimeout(() => this.#sweep(), this.#idleMs).unref();
  }
}
