import type { Socket } from 'node:net';
import { BodyReader } from '../http1/body.ts';
import { HttpFault } from '../http1/fault.ts';
import { type Fields, NO_FIELDS } from '../http1/fields.ts';
import { parseRequestHead, type RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { SectionReader } from '../http1/section-reader.ts';
import type { FieldEdits } from '../http1/write.ts';
import { abort, lingeringClose } from '../socket/closing.ts';
import { GatheredWrites } from '../socket/gathered-writes.ts';
import { onBytes } from '../socket/on-bytes.ts';
import { pipe } from '../socket/pipe.ts';
import { Exchange } from './exchange.ts';
import { type Refusal, writeRefusal } from './respond.ts';
import { ResponseWriter } from './response-writer.ts';
import type { HttpConnection, HttpService } from './service.ts';
import type { DownstreamSide } from './sides.ts';
import { unreadable } from './unreadable.ts';

/** What HTTP/2 begins with, as HTTP/1 reads it (RFC 9113 3.4). */
const PREFACE = 'PRI * HTTP/2.0\r\n';

/** Pipelined requests wait here, unparsed, for the response before them; beyond this the client isn't read any more. */
const MAX_HELD_BYTES = 64 * 1024;

/**
 * One HTTP/1.1 client. Requests are read strictly and served one after the other, in order. The end of the client's stream
 * counts as its leaving, as in Envoy and nginx: work for it is given up at once, unless the service grants half-close.
 */
export class ServerConnection implements DownstreamSide, HttpConnection {
  readonly socket: Socket;
  readonly #service: HttpService;
  readonly #head: SectionReader;
  readonly #out: GatheredWrites;
  readonly #stopBytes: () => void;
  readonly #writer: ResponseWriter;
  /** The last head and its text. */
  #parsedText = '';
  #parsed: RequestHead | undefined;
  #headTimer: NodeJS.Timeout | undefined;
  #body: BodyReader | undefined;
  #exchange: Exchange | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #bodyHeld = false;
  #consuming = false;
  #closing = false;
  /** The request with which the connection has left HTTP. */
  #switched: RequestHead | undefined;
  /** The client has ended its side, and the listener lets it have its answers. */
  #clientEnded = false;

  /** Takes the connection over when the client turns out to speak HTTP/2; `start` is what it has sent. Gone with its first request. */
  #onPreface: ((start: Buffer) => void) | undefined;

  constructor(socket: Socket, service: HttpService, onPreface?: (start: Buffer) => void) {
    this.socket = socket;
    this.#onPreface = onPreface;
    this.#service = service;
    this.#head = new SectionReader('request', service.limits.headBytes);
    this.#out = new GatheredWrites(socket);
    this.#writer = new ResponseWriter(this.#out);
    this.#stopBytes = onBytes(socket, (chunk) => this.#consume(chunk));
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', () => undefined);
    socket.setTimeout(service.limits.idleMs);
  }

  get idle(): boolean {
    return this.#exchange === undefined && this.#head.empty;
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  /** Closes now if no request is under way; otherwise the response before it says `Connection: close` or it closes after it. */
  drain(): void {
    if (!this.idle || this.#closing) return;
    this.#closing = true;
    this.socket.destroySoon();
  }

  /** Ends what is under way, a conversation that has left HTTP too; a connection without a request isn't touched. */
  cut(refusal: Refusal): void {
    if (!this.#switched) {
      this.#exchange?.cut(refusal);
      return;
    }
    this.#service.log.log('info', 'connection ended', { listener: this.#service.name, reason: refusal.reason });
    this.socket.destroy();
  }

  /** Judges again what is under way; what gets a refusal is cut with it. */
  review(judge: (request: RequestHead) => Refusal | undefined): void {
    const request = this.#exchange?.request ?? this.#switched;
    const refusal = request && judge(request);
    if (refusal) this.cut(refusal);
  }

  holdRequest(): void {
    this.#bodyHeld = true;
    this.socket.pause();
  }

  moreRequest(): void {
    this.#bodyHeld = false;
    this.#updateFlow();
  }

  limitSilence(ms: number): void {
    this.socket.setTimeout(ms);
  }

  /** HTTP/1.0 knows no 1xx: its client would take it for the answer. */
  interim(head: ResponseHead): boolean {
    const { request } = this.#exchange!;
    if (request.minor === 0) return false;
    this.#writer.interim(request, head);
    return true;
  }

  head(head: ResponseHead, edits: FieldEdits | undefined): void {
    const { request } = this.#exchange!;
    this.#writer.head(request, head, request.keepAlive && this.#service.open(), edits);
  }

  data(data: Buffer): boolean {
    return this.#writer.data(data);
  }

  end(trailers: Fields, requestDone: boolean): void {
    this.#writer.end(trailers);
    this.#finished(this.#writer.keepAlive && requestDone);
  }

  refuse(refusal: Refusal, requestDone: boolean): void {
    const { request } = this.#exchange!;
    const keepAlive = request.keepAlive && requestDone && this.#service.open();
    this.#write(writeRefusal(refusal, request, keepAlive));
    this.#finished(keepAlive);
  }

  abort(): void {
    this.#out.flush();
    abort(this.socket);
  }

  switchProtocols(head: ResponseHead, edits: FieldEdits | undefined, up: Socket, rest: Buffer): void {
    const { request } = this.#exchange!;
    const early = this.#leaveHttp();
    this.#writer.interim(request, head, head.fields.known.upgrade?.[0] ?? request.upgrade, edits);
    this.#out.flush();
    if (rest.length > 0) this.socket.write(rest);
    if (early) up.write(early);
    pipe(this.socket, up, this.#service.stats, () => undefined);
  }

  /** The response is written; `keepAlive` false closes once the client has had time to read it. */
  #finished(keepAlive: boolean): void {
    this.#exchange = undefined;
    if (!keepAlive || !this.#service.open()) {
      this.#close();
      return;
    }
    this.#bodyHeld = false;
    this.#updateFlow();
    if (this.#consuming) return;
    this.#consumeHeld();
    if (this.#clientEnded && !this.#exchange) this.#close();
  }

  #leaveToHttp2(rest: Buffer): void {
    this.#leaveSocket();
    this.socket.off('timeout', this.#onTimeout);
    this.#onPreface!(Buffer.concat([Buffer.from(`${PREFACE}\r\n`, 'latin1'), rest]));
  }

  #leaveSocket(): void {
    this.#closing = true;
    this.#stopReading();
    this.socket.off('drain', this.#onDrain);
    this.socket.off('end', this.#onEnd);
    this.socket.setTimeout(0);
    this.socket.pause();
  }

  /** The connection leaves HTTP; returns what had been read of the bytes to come. */
  #leaveHttp(): Buffer | undefined {
    this.#leaveSocket();
    this.#switched = this.#exchange?.request;
    this.#exchange = undefined;
    return this.#heldBytes > 0 ? Buffer.concat(this.#held.splice(0)) : undefined;
  }

  #onDrain = (): void => this.#exchange?.downstreamDrained();

  #onEnd = (): void => {
    this.#clientEnded = this.#service.halfClose === true && this.#exchange !== undefined && this.#body === undefined;
    if (this.#clientEnded) return;
    this.#exchange?.downstreamClosed();
    this.socket.destroySoon();
  };

  #onClose = (): void => {
    clearTimeout(this.#headTimer);
    this.#closing = true;
    this.#exchange?.downstreamClosed();
    this.#exchange = undefined;
  };

  #onTimeout = (): void => {
    if (this.#exchange) this.#exchange.stalled();
    else this.socket.destroy();
  };

  #consume(chunk: Buffer): void {
    this.#consuming = true;
    let at = 0;
    while (at < chunk.length && !this.#closing) {
      if (this.#body) at = this.#readBody(this.#body, chunk, at);
      else if (this.#exchange) {
        this.#hold(chunk.subarray(at));
        break;
      } else at = this.#readHead(chunk, at);
    }
    this.#consuming = false;
  }

  #readHead(chunk: Buffer, at: number): number {
    const outcome = this.#head.push(chunk, at);
    if (outcome === 'more') {
      this.#headTimer ??= setTimeout(
        () => this.#refuse(new HttpFault(408, 'the request head did not come in time')),
        this.#service.limits.headMs,
      );
      return chunk.length;
    }
    if (this.#headTimer) {
      clearTimeout(this.#headTimer);
      this.#headTimer = undefined;
    }
    const head = outcome === 'done' ? this.#parse(this.#head.text) : outcome;
    if (head instanceof HttpFault) {
      if (this.#onPreface && outcome === 'done' && this.#head.text === PREFACE) this.#leaveToHttp2(chunk.subarray(this.#head.next));
      else this.#refuse(head);
      return chunk.length;
    }
    this.#onPreface = undefined;
    this.#begin(head);
    return this.#head.next;
  }

  #parse(text: string): RequestHead | HttpFault {
    if (this.#parsed && text === this.#parsedText) return this.#parsed;
    const head = parseRequestHead(text);
    if (head instanceof HttpFault) return head;
    this.#parsedText = text;
    this.#parsed = head;
    return head;
  }

  #begin(head: RequestHead): void {
    const exchange = new Exchange(head, this.#service, this);
    this.#exchange = exchange;
    if (head.framing.kind === 'none') exchange.bodyEnd(NO_FIELDS);
    else this.#body = new BodyReader(head.framing, this.#service.limits.headBytes);
    exchange.start();
  }

  #readBody(body: BodyReader, chunk: Buffer, at: number): number {
    const exchange = this.#exchange;
    const next = body.push(chunk, at, (data) => exchange?.bodyData(data));
    if (next instanceof HttpFault) {
      this.#body = undefined;
      exchange?.requestFailed(next);
      return chunk.length;
    }
    if (body.done) {
      this.#body = undefined;
      exchange?.bodyEnd(body.trailers);
    }
    return next;
  }

  #hold(rest: Buffer): void {
    this.#held.push(rest);
    this.#heldBytes += rest.length;
    this.#updateFlow();
  }

  #consumeHeld(): void {
    while (this.#heldBytes > 0 && !this.#exchange && !this.#closing) {
      const held = Buffer.concat(this.#held.splice(0));
      this.#heldBytes = 0;
      this.#consume(held);
    }
    this.#updateFlow();
  }

  #updateFlow(): void {
    if (this.#bodyHeld || this.#heldBytes > MAX_HELD_BYTES) this.socket.pause();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  /** A request that could not even be read. What follows it can't be trusted, so the connection ends with the answer. */
  #refuse(fault: HttpFault): void {
    unreadable(this.#service, fault, this);
    this.#write(writeRefusal(fault, undefined, false));
    this.#close();
  }

  /** `text` is Unicode. */
  #write(text: string): void {
    this.#out.flush();
    this.socket.write(text);
  }

  #close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#stopReading();
    lingeringClose(this.socket);
  }

  #stopReading(): void {
    clearTimeout(this.#headTimer);
    this.#stopBytes();
  }
}
