import type { Socket } from 'node:net';
import { GONE } from './respond.ts';
import type { HttpConnection } from './service.ts';

/** HTTP connections of a listener, as long as they are open. */
export class OpenConnections {
  readonly #open = new Set<HttpConnection>();

  add(socket: Socket, connection: HttpConnection): void {
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
  }

  /** Each takes no further request, and closes when it has none under way. */
  drain(): void {
    for (const connection of this.#open) connection.drain();
  }

  /** For a listener that has left the configuration, when the time of its requests is over. */
  cut(): void {
    for (const connection of this.#open) connection.cut(GONE);
  }
}
