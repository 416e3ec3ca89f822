import type { Socket } from 'node:net';
import { BodyReader } from '../http1/body.ts';
import { HttpFault } from '../http1/fault.ts';
import type { Fields } from '../http1/fields.ts';
import type { Framing } from '../http1/framing.ts';
import type { RequestHead } from '../http1/request.ts';
import { parseResponseHead, type ResponseHead } from '../http1/response.ts';
import { SectionReader } from '../http1/section-reader.ts';
import { writeRequestHead, writeTrailers } from '../http1/write.ts';
import { type Reached, reachedBy } from '../observe/endpoint-stats.ts';
import { GatheredWrites } from '../socket/gathered-writes.ts';
import { onBytes } from '../socket/on-bytes.ts';
import type { HttpPlan } from './service.ts';
import type { ResponseListener, UpstreamSide } from './sides.ts';

/** One HTTP/1.1 connection to an upstream: one exchange at a time, strict about what comes back. */
export class ClientConnection implements UpstreamSide {
  readonly socket: Socket;
  reused = false;
  readonly mayRefuse = false;
  readonly reached: Reached | undefined;
  /** Called when an exchange has ended and the connection can carry another one. */
  onIdle: (connection: ClientConnection) => void = (connection) => connection.destroy();
  onClosed: (connection: ClientConnection) => void = () => undefined;
  readonly #head: SectionReader;
  readonly #out: GatheredWrites;
  readonly #stopBytes: () => void;
  readonly #maxHeadBytes: number;
  #listener: ResponseListener | undefined;
  #method = '';
  #requestFraming: Framing = { kind: 'none' };
  #body: BodyReader | undefined;
  #response: ResponseHead | undefined;
  /** The last head with its text, and the method that it answered. */
  #parsedText = '';
  #parsedMethod = '';
  #parsed: ResponseHead | undefined;
  #answered = false;
  #broken: Error | undefined;

  constructor(socket: Socket, maxHeadBytes: number) {
    this.socket = socket;
    this.reached = reachedBy(socket);
    this.#out = new GatheredWrites(socket);
    this.#maxHeadBytes = maxHeadBytes;
    this.#head = new SectionReader('response', maxHeadBytes);
    this.#stopBytes = onBytes(socket, (chunk) => this.#consume(chunk));
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('error', (error) => {
      this.#broken = error;
    });
  }

  get usable(): boolean {
    return !this.socket.destroyed && this.socket.writable && !this.socket.readableEnded;
  }

  /** All of it leaves in one write. */
  begin(listener: ResponseListener, request: RequestHead, plan: HttpPlan, body: readonly Buffer[], trailers: Fields | undefined): boolean {
    this.#listener = listener;
    this.#method = request.method;
    this.#requestFraming = request.framing;
    this.#answered = false;
    this.#response = undefined;
    this.#body = undefined;
    this.#out.text(writeRequestHead(request, plan.edits, plan.requestTarget));
    for (const data of body) this.data(data);
    if (trailers) this.end(trailers);
    return !this.socket.writableNeedDrain;
  }

  data(data: Buffer): boolean {
    return this.#requestFraming.kind === 'chunked' ? this.#out.chunk(data) : this.#out.data(data);
  }

  end(trailers: Fields): void {
    if (this.#requestFraming.kind === 'chunked') this.#out.text(writeTrailers(trailers));
    this.#out.flush();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  release(): void {
    this.onIdle(this);
  }

  /** The exchange is over: back to the pool if the response allowed it, else closed. */
  finish(): void {
    const reusable = this.#response?.keepAlive === true && this.#body?.done === true;
    this.#listener = undefined;
    if (!reusable || !this.usable) {
      this.destroy();
      return;
    }
    this.reused = true;
    this.socket.resume();
    this.onIdle(this);
  }

  destroy(): void {
    this.#listener = undefined;
    this.socket.destroy();
  }

  #consume(chunk: Buffer): void {
    if (!this.#listener) {
      // Bytes that nobody asked for: a late or second answer, which must not become that of the next request.
      this.destroy();
      return;
    }
    this.#answered = true;
    let at = 0;
    while (at < chunk.length) {
      const listener: ResponseListener | undefined = this.#listener;
      if (!listener) return;
      at = this.#body ? this.#readBody(this.#body, listener, chunk, at) : this.#readHead(listener, chunk, at);
      if (this.#listener === listener && this.#body?.done) {
        // More bytes than the response has: the connection can't be trusted with a second one.
        if (at < chunk.length) this.#response = { ...this.#response!, keepAlive: false };
        listener.end(this.#body.trailers);
        return;
      }
    }
  }

  #readBody(body: BodyReader, listener: ResponseListener, chunk: Buffer, at: number): number {
    const next = body.push(chunk, at, (data) => listener.data(data));
    if (!(next instanceof HttpFault)) return next;
    this.#fail(new HttpFault(502, `upstream response: ${next.reason}`));
    return chunk.length;
  }

  #readHead(listener: ResponseListener, chunk: Buffer, at: number): number {
    const outcome = this.#head.push(chunk, at);
    if (outcome === 'more') return chunk.length;
    const head = outcome === 'done' ? this.#parse(this.#head.text) : outcome;
    if (head instanceof HttpFault) {
      this.#fail(outcome === 'done' ? head : new HttpFault(502, `upstream response: ${head.reason}`));
      return chunk.length;
    }
    const next = this.#head.next;
    if (head.status === 101) {
      this.#switch(listener, head, chunk.subarray(next));
      return chunk.length;
    }
    if (head.status < 200) listener.interim(head);
    else {
      this.#response = head;
      this.#body = new BodyReader(head.framing, this.#maxHeadBytes);
      listener.head(head);
    }
    return next;
  }

  #parse(text: string): ResponseHead | HttpFault {
    const method = this.#method;
    if (this.#parsed && text === this.#parsedText && method === this.#parsedMethod) return this.#parsed;
    const head = parseResponseHead(text, method);
    if (head instanceof HttpFault) return head;
    this.#parsedText = text;
    this.#parsedMethod = method;
    this.#parsed = head;
    return head;
  }

  #switch(listener: ResponseListener, head: ResponseHead, rest: Buffer): void {
    this.#listener = undefined;
    this.#stopBytes();
    this.socket.off('drain', this.#onDrain);
    this.socket.off('end', this.#onEnd);
    this.socket.pause();
    listener.switched(head, this.socket, rest);
  }

  #onDrain = (): void => {
    this.#listener?.drain();
  };

  #onEnd = (): void => {
    const listener = this.#listener;
    if (listener && this.#body?.endOfStream()) listener.end(this.#body.trailers);
    else if (listener) this.#fail(this.#closedEarly());
    this.socket.destroy();
  };

  #onClose = (): void => {
    this.onClosed(this);
    if (this.#listener) this.#fail(this.#closedEarly());
  };

  /** A TLS alert (our certificate was refused) comes here too, after a handshake that looked good from this side. */
  #closedEarly(): HttpFault {
    const why = this.#broken ? ` (${this.#broken.message})` : '';
    return new HttpFault(502, `the upstream closed the connection before its response was complete${why}`, 'UC');
  }

  #fail(cause: HttpFault): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.socket.destroy();
    listener?.failed(cause, this.#answered ? 'answered' : 'silent');
  }
}
