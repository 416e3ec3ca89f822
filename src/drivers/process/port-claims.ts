import { createServer, type Server } from 'node:net';

/**
 * Host ports of 127.0.0.1 that a home is about to open. Between finding a port free and binding it another home may find it
 * free too; an abstract Unix socket per port, seen by all homes and gone with its process, keeps them apart (Linux; elsewhere
 * the later one fails to bind and says so).
 */
export class PortClaims {
  readonly #abstractSockets: boolean;
  readonly #held = new Map<number, { readonly server: Server; claims: number }>();

  constructor(options: { abstractSockets: boolean }) {
    this.#abstractSockets = options.abstractSockets;
  }

  /** False when another home has it. Each claim needs a release of its own. */
  async claim(port: number): Promise<boolean> {
    if (!this.#abstractSockets) return true;
    const held = this.#held.get(port);
    if (held) {
      held.claims++;
      return true;
    }
    const server = createServer((socket) => socket.destroy());
    const claimed = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(`\0mesh/port/${port}`, () => resolve(true));
    });
    if (!claimed) return false;
    server.unref();
    this.#held.set(port, { server, claims: 1 });
    return true;
  }

  release(port: number): void {
    const held = this.#held.get(port);
    if (!held) return;
    held.claims--;
    if (held.claims > 0) return;
    held.server.close();
    this.#held.delete(port);
  }

  close(): void {
    for (const { server } of this.#held.values()) server.close();
    this.#held.clear();
  }
}
