import type { Server } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/ports.ts';

/**
 * Ends a server without cutting off requests: connections without one are closed at once, the others after their response.
 * Node's own closeIdleConnections leaves those open that have never sent anything, such as a proxy keeps in its pool.
 */
export class Connections {
  #server: Server;
  /** All, down at TCP. */
  #accepted = new Set<Socket>();
  /** Those on which HTTP/1 is or will be spoken; the same sockets, or TLS above them. */
  #open = new Set<Socket>();
  #busy = new Set<Socket>();
  #sessions = new Set<ServerHttp2Session>();
  #closing = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      this.#busy.add(request.socket);
      response.on('close', () => {
        this.#busy.delete(request.socket);
        // A peer that never closes its side must not hold back the end.
        if (this.#closing) request.socket.destroySoon();
      });
    });
  }

  accept(socket: Socket): void {
    this.#accepted.add(socket);
    socket.on('close', () => this.#accepted.delete(socket));
  }

  /** It is ready to be spoken on. */
  open(socket: Socket): void {
    this.#open.add(socket);
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#busy.delete(socket);
    });
  }

  /** The connection speaks HTTP/2 from now on, and a session ends itself. */
  upgrade(socket: Socket, session: ServerHttp2Session): void {
    this.#open.delete(socket);
    this.#sessions.add(session);
    session.on('close', () => this.#sessions.delete(session));
    if (this.#closing) session.close();
  }

  /** Resolves when the last connection is gone, at the latest soon after `deadlineMs`. */
  async close(deadlineMs: number, clock: Clock): Promise<void> {
    this.#closing = true;
    const done = new AbortController();
    const ended = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) if (!this.#busy.has(socket)) socket.destroy();
    for (const session of this.#sessions) session.close();
    const late = clock.sleep(deadlineMs, done.signal).then(
      () => {
        for (const session of this.#sessions) session.destroy();
        for (const socket of this.#accepted) socket.destroy();
      },
      () => undefined,
    );
    await ended;
    done.abort();
    await late;
  }
}
