import type { ClientSession } from '../http2/client-session.ts';
import type { ClientConnection } from './client-connection.ts';
import type { UpstreamSide } from './sides.ts';

interface Idle {
  readonly connection: ClientConnection;
  readonly since: number;
}

const MAX_IDLE = 256;

/** Connections to one endpoint: idle ones of HTTP/1, of which the one used last is taken first, so that the others can age and go; and those of HTTP/2, which are shared. */
export class Pool {
  readonly #idleMs: number;
  readonly #now: () => number;
  #idle: Idle[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sessions: readonly ClientSession[] = [];
  #dialling: Promise<UpstreamSide> | undefined;
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

  /** From now on, exchanges go on it too. Gives room for one at once. */
  share(session: ClientSession): UpstreamSide {
    const side = session.open();
    this.#sessions = [...this.#sessions, session];
    session.onClosed = () => {
      this.#sessions = this.#sessions.filter((other) => other !== session);
    };
    if (this.#closed) session.retire();
    return side;
  }

  /** For HTTP/2: who comes while a connection is being made waits for it. */
  async takeOrDial(dial: () => Promise<UpstreamSide>): Promise<UpstreamSide> {
    for (;;) {
      const side = this.take();
      if (side) return side;
      if (!this.#dialling) break;
      await this.#dialling;
    }
    this.#dialling = dial();
    try {
      return await this.#dialling;
    } finally {
      this.#dialling = undefined;
    }
  }

  take(): UpstreamSide | undefined {
    for (const session of this.#sessions) if (session.usable) return session.open();
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
    const session = oldest ? undefined : this.#sessions.find(({ idle }) => idle);
    session?.retire();
    return oldest !== undefined || session !== undefined;
  }

  /** Connections in use finish their exchange and close. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
    for (const session of this.#sessions) session.retire();
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
