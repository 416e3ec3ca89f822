import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { HttpPlan } from '../http/service.ts';
import type { Progress, ResponseListener, UpstreamSide } from '../http/sides.ts';
import { HttpFault } from '../http1/fault.ts';
import { type Fields, NO_FIELDS } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { Reached } from '../observe/endpoint-stats.ts';
import type { ClientSession } from './client-session.ts';
import { CANCEL, errorName, FLAG_END_STREAM, REFUSED_STREAM } from './codes.ts';
import { readFields } from './fields.ts';
import { requestHeaders, trailerHeaders } from './headers.ts';
import { readResponseHead } from './response.ts';

/** One exchange on a connection to an upstream that speaks HTTP/2. */
export class ClientStream implements UpstreamSide {
  readonly mayRefuse = true;
  readonly #session: ClientSession;
  #stream: ClientHttp2Stream | undefined;
  #listener: ResponseListener | undefined;
  #method = '';
  #trailers: Fields = NO_FIELDS;
  #requestTrailers: Fields = NO_FIELDS;
  #answered = false;
  /** Bytes of the body that are yet to come, if its length was told. */
  #missing = 0;
  #open = true;

  constructor(session: ClientSession) {
    this.#session = session;
  }

  get reused(): boolean {
    return this.#session.proven;
  }

  get reached(): Reached | undefined {
    return this.#session.reached;
  }

  begin(listener: ResponseListener, request: RequestHead, plan: HttpPlan, body: readonly Buffer[], trailers: Fields | undefined): boolean {
    this.#listener = listener;
    this.#method = request.method;
    const endStream = trailers !== undefined && trailers.list.length === 0 && body.length === 0;
    const headers = requestHeaders(request, plan.edits, this.#session.scheme, plan.requestTarget);
    try {
      this.#stream = this.#session.session.request(headers, { endStream, waitForTrailers: !endStream });
    } catch (error) {
      // The connection has closed since it was chosen: not a byte has left.
      this.#fail(new HttpFault(503, `the connection to the upstream has closed (${(error as Error).message})`), 'refused');
      return false;
    }
    this.#listen(this.#stream);
    for (const data of body) this.#stream.write(data);
    if (trailers && !endStream) this.end(trailers);
    return !this.#stream.writableNeedDrain;
  }

  data(data: Buffer): boolean {
    return this.#stream!.write(data);
  }

  end(trailers: Fields): void {
    this.#requestTrailers = trailers;
    this.#stream!.end();
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  finish(): void {
    this.#leave();
  }

  destroy(): void {
    this.#leave();
    this.#stream?.close(CANCEL);
  }

  release(): void {
    this.#leave();
  }

  #listen(stream: ClientHttp2Stream): void {
    stream.on('response', this.#onResponse);
    stream.on('headers', this.#onInterim);
    stream.on('trailers', this.#onTrailers);
    stream.on('end', this.#onEnd);
    stream.on('drain', () => this.#listener?.drain());
    stream.on('wantTrailers', () => stream.sendTrailers(trailerHeaders(this.#requestTrailers)));
    stream.on('error', () => undefined);
    stream.on('close', this.#onClose);
  }

  #onResponse = (_headers: IncomingHttpHeaders, flags: number, raw: readonly string[] = []): void => {
    const listener = this.#listener;
    if (!listener) return;
    this.#answered = true;
    this.#session.proven = true;
    const head = readResponseHead(raw, (flags & FLAG_END_STREAM) !== 0, this.#method, this.#session.maxHeadBytes);
    if (head instanceof HttpFault) {
      this.#stream?.close(CANCEL);
      this.#fail(head, 'answered');
      return;
    }
    if (head.framing.kind === 'length') this.#missing = head.framing.length;
    listener.head(head);
    // Not before: Node emits `response` a tick later, so that data which has come with the head could overtake it.
    this.#stream!.on('data', this.#onData);
  };

  #onInterim = (_headers: IncomingHttpHeaders, _flags: number, raw: readonly string[] = []): void => {
    const head = readResponseHead(raw, true, this.#method, this.#session.maxHeadBytes);
    if (!(head instanceof HttpFault)) this.#listener?.interim(head);
  };

  #onData = (data: Buffer): void => {
    this.#missing -= data.length;
    this.#listener?.data(data);
  };

  #onTrailers = (_headers: IncomingHttpHeaders, _flags: number, raw: readonly string[] = []): void => {
    const read = readFields(raw, this.#session.maxHeadBytes);
    if (!(read instanceof HttpFault)) this.#trailers = read.fields;
  };

  /** A reset ends a stream too: what it leaves is not whole, nor is a body that is too short. */
  #onEnd = (): void => {
    const listener = this.#listener;
    if (this.#missing > 0 || !this.#answered || this.#stream!.rstCode !== 0) return;
    this.#leave();
    listener?.end(this.#trailers);
  };

  #onClose = (): void => {
    const code = this.#stream!.rstCode;
    if (code === REFUSED_STREAM) this.#fail(new HttpFault(503, 'the upstream refused the stream'), 'refused');
    else this.#fail(this.#closedEarly(code), this.#answered ? 'answered' : 'silent');
  };

  #closedEarly(code: number): HttpFault {
    const { broken, spoken } = this.#session;
    if (!spoken) return new HttpFault(502, 'the upstream does not speak HTTP/2: is the protocol of the service http2 or grpc by mistake?');
    const why = broken ? ` (${broken.message})` : code === 0 ? '' : ` (${errorName(code)})`;
    return new HttpFault(502, `the upstream closed the stream before its response was complete${why}`, 'UR');
  }

  #fail(cause: HttpFault, progress: Progress): void {
    const listener = this.#listener;
    this.#leave();
    listener?.failed(cause, progress);
  }

  #leave(): void {
    this.#listener = undefined;
    if (!this.#open) return;
    this.#open = false;
    this.#session.ended();
  }
}
