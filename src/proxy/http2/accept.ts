import type { Socket } from 'node:net';
import type { Refusal } from '../http/respond.ts';
import { ServerConnection } from '../http/server-connection.ts';
import type { HttpConnection, HttpService } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import { ServerSession } from './server-session.ts';

/**
 * A connection of HTTP/1.1, or of HTTP/2 if the client begins so. What was agreed on in the handshake says nothing: Consul's own
 * proxy says h2, whatever it carries.
 */
export function serveHttp(socket: Socket, service: HttpService): HttpConnection {
  return new AnyHttpConnection(socket, service);
}

class AnyHttpConnection implements HttpConnection {
  #speaks: HttpConnection;

  constructor(socket: Socket, service: HttpService) {
    this.#speaks = new ServerConnection(socket, service, (start) => {
      socket.unshift(start);
      this.#speaks = new ServerSession(socket, service);
    });
  }

  drain(): void {
    this.#speaks.drain();
  }

  cut(refusal: Refusal): void {
    this.#speaks.cut(refusal);
  }

  review(judge: (request: RequestHead) => Refusal | undefined): void {
    this.#speaks.review(judge);
  }
}
