import { createServer, type Server } from 'node:net';

/**
 * Host ports of 127.0.0.1 that a home is about to open. Between finding a port free and binding it another home may find it
 * free too; an abstract Unix socket per port, seen by all homes and gone with its process, keeps them apart (Linux; elsewhere
 * the later one fails to bind and says so).
 */
export class PortClaims {
  readonly #abstractSockets: boolean;
  readonly #held = new Map<number, Server>();

  constructor(options: { abstractSockets: boolean }) {
    this.#abstractSockets = options.abstractSockets;
  }

  /** False when another home has it. */
  async claim(port: number): Promise<boolean> {
    if (!this.#abstractSockets || this.#held.has(port)) return true;
    const server = createServer((socket) => socket.destroy());
    const claimed = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(`\0mesh/port/${port}`, () => resolve(true));
    });
    if (!claimed) return false;
    server.unref();
    this.#held.set(port, server);
    return true;
  }

  release(port: number): void {
    this.#held.get(port)?.close();
    this.#held.delete(port);
  }

  close(): void {
    for (const port of Array.from(this.#held.keys())) this.release(port);
  }
}
