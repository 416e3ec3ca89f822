import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { systemCode } from '../../base/errors.ts';
import type { Refusal } from '../http/respond.ts';
import type { Caller, HttpConnection, HttpService } from '../http/service.ts';
import { unreadable } from '../http/unreadable.ts';
import { HttpFault } from '../http1/fault.ts';
import type { RequestHead } from '../http1/request.ts';
import { FLAG_END_STREAM, NO_ERROR } from './codes.ts';
import { respondRefusal } from './refuse.ts';
import { readRequestHead } from './request.ts';
import { ServerStream } from './server-stream.ts';
import { sessionOptions } from './settings.ts';

/** What Node says when a client breaks the rules of HTTP/2, or goes too far in what they allow. */
const BROKEN_RULES = new Set(['ERR_HTTP2_ERROR', 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES']);

/** One client that speaks HTTP/2. Its requests share the connection and are exchanges of their own. */
export class ServerSession implements HttpConnection {
  readonly #socket: Socket;
  readonly #session: ServerHttp2Session;
  readonly #service: HttpService;
  readonly #streams = new Set<ServerStream>();

  /** `socket` is paused, with everything that the client has sent so far still in it. */
  constructor(socket: Socket, service: HttpService) {
    this.#socket = socket;
    this.#service = service;
    // A peer that ends its side has left: there is no half-close in HTTP/2.
    socket.allowHalfOpen = false;
    this.#session = performServerHandshake(socket, sessionOptions(service.limits.headBytes));
    this.#session.on('stream', this.#onStream);
    this.#session.on('error', this.#onError);
    this.#session.setTimeout(service.limits.idleMs, () => {
      if (this.#streams.size === 0) this.#session.close();
    });
  }

  /** Tells the client to send no more here (GOAWAY), and closes after the requests that are under way. */
  drain(): void {
    this.#session.close();
  }

  cut(refusal: Refusal): void {
    for (const stream of this.#streams) stream.cut(refusal);
  }

  review(judge: (request: RequestHead) => Refusal | undefined): void {
    for (const stream of this.#streams) stream.review(judge);
  }

  /** Of a head that nghttp2 resets, and of one that can't be decoded, Node tells nothing. */
  #onError = (error: Error): void => {
    const service = this.#service;
    if (BROKEN_RULES.has(systemCode(error) ?? '')) unreadable(service, new HttpFault(400, `HTTP/2: ${error.message}`), this.#caller());
    else service.log.log('info', 'connection ended', { listener: service.name, reason: error.message });
  };

  #onStream = (stream: ServerHttp2Stream, _headers: IncomingHttpHeaders, flags: number, raw: readonly string[] = []): void => {
    stream.on('error', () => undefined);
    const head = readRequestHead(raw, (flags & FLAG_END_STREAM) !== 0, this.#service.limits.headBytes);
    if (head instanceof HttpFault) {
      this.#refuse(stream, head);
      return;
    }
    const request = new ServerStream(stream, head, this.#service, this.#socket);
    this.#streams.add(request);
    stream.on('close', () => this.#streams.delete(request));
    if (!this.#service.open()) this.drain();
  };

  /** A request that could not even be read. Those beside it are not the worse for it. */
  #refuse(stream: ServerHttp2Stream, fault: HttpFault): void {
    unreadable(this.#service, fault, this.#caller());
    respondRefusal(stream, fault, undefined);
    stream.end();
    setImmediate(() => stream.close(NO_ERROR));
  }

  #caller(): Caller {
    const socket = this.#socket;
    return { remoteAddress: socket.remoteAddress ?? '', socket, version: 2 };
  }
}
