import type { Socket } from 'node:net';
import { recognize } from './recognize.ts';
import type { Dialed, ForwardTargets } from './targets.ts';

/** What a connection turns out to be; exactly one of these is called, unless the client leaves before. */
export interface Opened {
  /** `start` is what the client has sent so far. */
  http1(start: Buffer): void;
  /** With a connection when one was made already; `greeting` is what came from it. */
  bytes(start: Buffer, up?: Socket, greeting?: Buffer): void;
  /** The client waits for the server to speak, and no target can be reached. */
  unreachable(error: unknown): void;
}

/**
 * A connection of which it isn't known yet what it carries. The first bytes of the client tell. When it stays quiet, it may be
 * waiting for the server to speak (SMTP, MySQL) or be kept ready for a request by a browser: a target is dialled, and whoever
 * of the two speaks first decides.
 */
export class Opening {
  readonly #client: Socket;
  readonly #targets: ForwardTargets;
  readonly #quietMs: number;
  readonly #opened: Opened;
  #timer: NodeJS.Timeout;
  #start: Buffer = Buffer.alloc(0);
  #server: Dialed | undefined;
  #over = false;

  constructor(client: Socket, targets: ForwardTargets, quietMs: number, opened: Opened) {
    this.#client = client;
    this.#targets = targets;
    this.#quietMs = quietMs;
    this.#opened = opened;
    client.on('data', this.#onClientData);
    client.on('end', this.#onClientEnd);
    client.on('close', this.close);
    this.#timer = setTimeout(this.#onQuiet, quietMs);
  }

  /** A server that isn't a target any more must not be the one that speaks. */
  targetsChanged(): void {
    if (!this.#server || this.#targets.has(this.#server.at)) return;
    this.#leaveServer()?.destroy();
    void this.#waitForServer();
  }

  /** Ends it undecided. The client's socket is left alone. */
  close = (): void => {
    this.#settle();
    this.#leaveServer()?.destroy();
  };

  #onClientData = (chunk: Buffer): void => {
    this.#start = this.#start.length === 0 ? chunk : Buffer.concat([this.#start, chunk]);
    const what = recognize(this.#start);
    if (what === 'bytes') this.#bytes();
    else if (what === 'http1') {
      this.close();
      this.#opened.http1(this.#start);
    } else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#onQuiet, this.#quietMs);
    }
  };

  /** Nothing more will tell; whatever protocol this is, its server gets the end passed on. */
  #onClientEnd = (): void => this.#bytes();

  #onQuiet = (): void => {
    if (this.#start.length > 0) this.#bytes();
    else void this.#waitForServer();
  };

  async #waitForServer(): Promise<void> {
    try {
      const server = await this.#targets.dial();
      if (this.#over) {
        server.socket.destroy();
        return;
      }
      this.#server = server;
      server.socket.on('data', this.#onServerData);
      server.socket.on('end', this.#onServerGone);
      server.socket.on('close', this.#onServerGone);
    } catch (error) {
      if (this.#over) return;
      this.#settle();
      this.#opened.unreachable(error);
    }
  }

  #onServerData = (greeting: Buffer): void => this.#bytes(greeting);

  #onServerGone = (): void => this.#bytes();

  #bytes(greeting?: Buffer): void {
    this.#settle();
    this.#opened.bytes(this.#start, this.#leaveServer(), greeting);
  }

  #settle(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#client.off('data', this.#onClientData);
    this.#client.off('end', this.#onClientEnd);
    this.#client.off('close', this.close);
    this.#client.pause();
  }

  #leaveServer(): Socket | undefined {
    const socket = this.#server?.socket;
    this.#server = undefined;
    socket?.off('data', this.#onServerData);
    socket?.off('end', this.#onServerGone);
    socket?.off('close', this.#onServerGone);
    socket?.pause();
    return socket;
  }
}
