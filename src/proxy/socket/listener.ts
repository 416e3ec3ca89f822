import { createServer, type Server, type Socket } from 'node:net';
import type { SocketAddress } from '../../compile/proxy-config.ts';

export type Acceptor = (socket: Socket) => void;

/**
 * A bound address. What happens to its connections is one pointer, so that a change of configuration, even of protocol, never
 * closes the port. It is bound before its configuration is in force: connections that come in between wait.
 */
export class Listener {
  readonly #server: Server;
  #acceptor: Acceptor | undefined;
  #waiting: Socket[] = [];

  /** `held`: it is bound already, by that. Rejects with Node's error (`listen EADDRINUSE: address already in use 127.0.0.1:9090`). */
  static bind(at: SocketAddress, held?: Server): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: false });
      server.once('error', reject);
      server.listen(held ?? { host: at.address, port: at.port, exclusive: true }, () => {
        server.off('error', reject);
        // A later accept error (EMFILE) concerns one connection; the listener goes on.
        server.on('error', () => undefined);
        resolve(new Listener(server));
      });
    });
  }

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  get address(): SocketAddress {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the listener is not bound');
    return { address: bound.address, port: bound.port };
  }

  point(acceptor: Acceptor): void {
    this.#acceptor = acceptor;
    for (const socket of this.#waiting.splice(0)) if (!socket.destroyed) acceptor(socket);
  }

  /** Gives the port back at once. Connections that were accepted are their acceptor's, and go on. */
  close(): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#acceptor) this.#acceptor(socket);
    else this.#waiting.push(socket);
  }
}
