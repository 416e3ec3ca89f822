import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Exchange } from '../http/exchange.ts';
import { grpcStatus, isGrpc, type Refusal } from '../http/respond.ts';
import type { HttpService } from '../http/service.ts';
import type { DownstreamSide } from '../http/sides.ts';
import { HttpFault } from '../http1/fault.ts';
import { type Fields, NO_FIELDS } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import type { FieldEdits } from '../http1/write.ts';
import { NO_ERROR, PROTOCOL_ERROR } from './codes.ts';
import { readFields } from './fields.ts';
import { responseHeaders, trailerHeaders } from './headers.ts';
import { respondRefusal } from './refuse.ts';

const MALFORMED = new HttpFault(400, 'the stream was reset for what has come on it (PROTOCOL_ERROR)');

/** One request of a client that speaks HTTP/2, and its answer. */
export class ServerStream implements DownstreamSide {
  readonly socket: Socket;
  readonly version = 2;
  readonly #stream: ServerHttp2Stream;
  readonly #service: HttpService;
  #exchange: Exchange | undefined;
  #requestTrailers: Fields = NO_FIELDS;
  /** Of the answer; undefined when there can be none. */
  #trailers: OutgoingHttpHeaders | undefined;
  #requestDone = true;

  constructor(stream: ServerHttp2Stream, head: RequestHead, service: HttpService, socket: Socket) {
    this.#stream = stream;
    this.socket = socket;
    this.#service = service;
    const exchange = new Exchange(head, service, this);
    this.#exchange = exchange;
    stream.setTimeout(service.limits.idleMs);
    stream.on('timeout', () => this.#exchange?.stalled());
    stream.on('drain', () => this.#exchange?.downstreamDrained());
    stream.on('wantTrailers', this.#onWantTrailers);
    stream.on('close', this.#onClose);
    if (head.framing.kind === 'none') exchange.bodyEnd(NO_FIELDS);
    else {
      stream.on('data', this.#onData);
      stream.on('trailers', this.#onTrailers);
      stream.on('end', this.#onEnd);
    }
    exchange.start();
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  cut(refusal: Refusal): void {
    this.#exchange?.cut(refusal);
  }

  review(judge: (request: RequestHead) => Refusal | undefined): void {
    const refusal = this.#exchange && judge(this.#exchange.request);
    if (refusal) this.cut(refusal);
  }

  holdRequest(): void {
    this.#stream.pause();
  }

  moreRequest(): void {
    this.#stream.resume();
  }

  limitSilence(ms: number): void {
    this.#stream.setTimeout(ms);
  }

  interim(head: ResponseHead): boolean {
    if (!this.#stream.closed) this.#stream.additionalHeaders(responseHeaders(head, undefined));
    return true;
  }

  head(head: ResponseHead, edits: FieldEdits | undefined): void {
    if (this.#stream.closed) return;
    const { kind } = head.framing;
    const endStream = kind === 'none' || (kind === 'length' && head.framing.length === 0);
    const waitForTrailers = kind === 'chunked' || kind === 'until-close';
    this.#stream.respond(responseHeaders(head, edits), { endStream, waitForTrailers });
    // A status that has no body has ended the stream, whatever its upstream sends.
    if (waitForTrailers && !this.#stream.writableEnded) this.#trailers = {};
  }

  data(data: Buffer): boolean {
    return this.#stream.writableEnded || this.#stream.write(data);
  }

  end(trailers: Fields, requestDone: boolean): void {
    if (this.#trailers) this.#trailers = trailerHeaders(trailers);
    this.#finish(requestDone);
  }

  refuse(refusal: Refusal, requestDone: boolean): void {
    respondRefusal(this.#stream, refusal, this.#exchange!.request);
    this.#finish(requestDone);
  }

  /** A client of gRPC takes a status in trailers for the end of a call at any point; it gets one if it has read so far. */
  abort(refusal: Refusal): void {
    const told = this.#trailers && this.#stream.writableLength === 0 && isGrpc(this.#exchange!.request);
    if (told) {
      this.#trailers = Object.fromEntries(grpcStatus(refusal));
      this.#finish(false);
    } else {
      this.#exchange = undefined;
      // INTERNAL_ERROR. `close` would end the body first, and make it whole.
      this.#stream.destroy(new Error(refusal.reason));
    }
  }

  /** A request of HTTP/2 asks for none. */
  switchProtocols(_head: ResponseHead, _edits: FieldEdits | undefined, up: Socket): void {
    up.destroy();
    this.#stream.destroy(new Error('there is no upgrade in HTTP/2'));
  }

  #onData = (data: Buffer): void => this.#exchange?.bodyData(data);

  #onTrailers = (_headers: IncomingHttpHeaders, _flags: number, raw: readonly string[] = []): void => {
    const read = readFields(raw, this.#service.limits.headBytes);
    if (read instanceof HttpFault) this.#exchange?.requestFailed(read);
    else this.#requestTrailers = read.fields;
  };

  /** A reset ends the readable side too. */
  #onEnd = (): void => {
    if (!this.#stream.aborted) this.#exchange?.bodyEnd(this.#requestTrailers);
  };

  #onWantTrailers = (): void => {
    this.#stream.sendTrailers(this.#trailers ?? {});
    this.#stopRequest();
  };

  /** A body that isn't as long as its head says, or trailers that may not be, have been reset by nghttp2. */
  #onClose = (): void => {
    if (this.#stream.rstCode === PROTOCOL_ERROR) this.#exchange?.requestFailed(MALFORMED);
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.downstreamClosed();
  };

  #finish(requestDone: boolean): void {
    this.#exchange = undefined;
    this.#requestDone = requestDone;
    this.#stream.end();
    if (!this.#trailers) this.#stopRequest();
  }

  /** Tells a client that is still sending its request that the rest of it isn't needed (RFC 9113 8.1); later, for a reset overtakes an answer. */
  #stopRequest(): void {
    if (!this.#requestDone) setImmediate(() => this.#stream.close(NO_ERROR));
  }
}
