import type { Socket } from 'node:net';
import { HttpFault } from '../http1/fault.ts';
import type { Fields } from '../http1/fields.ts';
import type { Framing } from '../http1/framing.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { writeRequestHead, writeResponseHead, writeTrailers } from '../http1/write.ts';
import { abort } from '../socket/closing.ts';
import { pipe } from '../socket/pipe.ts';
import { countStatus } from '../stats.ts';
import type { ClientConnection, ResponseListener } from './client-connection.ts';
import { type Refusal, refusalFor, writeRefusal } from './respond.ts';
import type { HttpPlan, HttpService } from './service.ts';

/** The connection that a request came on, as its exchange sees it. */
export interface Downstream {
  readonly socket: Socket;
  /** Stops reading more of the request body. */
  holdRequest(): void;
  moreRequest(): void;
  /** The response is written; `keepAlive` false closes once the client has had time to read it. */
  finished(keepAlive: boolean): void;
  /** The connection leaves HTTP; returns what had been read of the bytes to come. */
  leaveHttp(): Buffer | undefined;
}

/** May be sent twice without meaning something else (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** One request and its response, from a parsed head to the last byte. Holds at most what the sockets have handed over. */
export class Exchange implements ResponseListener {
  readonly #head: RequestHead;
  readonly #service: HttpService;
  readonly #down: Downstream;
  #plan: HttpPlan | undefined;
  #up: ClientConnection | undefined;
  /** Pieces of the body that came before there was a connection to send them on. */
  #pending: Buffer[] = [];
  #trailers: Fields | undefined;
  #bodySent = false;
  #retried = false;
  #responseFraming: Framing | undefined;
  #keepAlive = true;
  #over = false;

  constructor(head: RequestHead, service: HttpService, down: Downstream) {
    this.#head = head;
    this.#service = service;
    this.#down = down;
  }

  start(): void {
    this.#service.stats.requests++;
    const plan = this.#service.plan(this.#head);
    if ('status' in plan) {
      this.#refuse(plan);
      return;
    }
    this.#plan = plan;
    const idle = plan.target.take();
    if (idle) this.#begin(idle, plan);
    else this.#dial(plan);
  }

  bodyData(data: Buffer): void {
    if (this.#over) return;
    if (this.#up) this.#sendBody(this.#up, data);
    else {
      this.#pending.push(data);
      this.#down.holdRequest();
    }
  }

  bodyEnd(trailers: Fields): void {
    this.#trailers = trailers;
    if (this.#up) this.#sendEnd(this.#up, trailers);
  }

  /** The client broke the rules in the middle of its body, or stopped sending it. */
  requestFailed(fault: HttpFault): void {
    this.cut({ status: fault.status, reason: fault.reason });
  }

  /** Nothing has moved for the idle limit. */
  stalled(): void {
    const client = this.#trailers === undefined;
    this.requestFailed(
      client
        ? new HttpFault(408, 'the request body stopped coming')
        : new HttpFault(504, `${this.#plan?.target.name} did not answer in time`),
    );
  }

  downstreamClosed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#service.stats.brokenResponses++;
    this.#dropUpstream();
  }

  downstreamDrained(): void {
    this.#up?.socket.resume();
  }

  /** Ends it now: an intention has been withdrawn, or the drain deadline is over. The refusal is the answer unless another has begun. */
  cut(refusal: Refusal): void {
    if (this.#over) return;
    this.#dropUpstream();
    if (this.#responseFraming) this.#breakOff(refusal.reason);
    else this.#refuse(refusal);
  }

  #dial(plan: HttpPlan): void {
    plan.target.dial().then(
      (connection) => {
        if (this.#over) connection.onIdle(connection);
        else this.#begin(connection, plan);
      },
      (error: unknown) => {
        if (!this.#over) this.#refuse(refusalFor(error, plan.target.name));
      },
    );
  }

  #begin(up: ClientConnection, plan: HttpPlan): void {
    this.#up = up;
    up.begin(this, this.#head.method);
    up.socket.cork();
    up.socket.write(writeRequestHead(this.#head, plan.edits), 'latin1');
    for (const data of this.#pending.splice(0)) this.#sendBody(up, data);
    if (this.#trailers) this.#sendEnd(up, this.#trailers);
    up.socket.uncork();
    if (!up.socket.writableNeedDrain) this.#down.moreRequest();
  }

  #sendBody(up: ClientConnection, data: Buffer): void {
    this.#bodySent = true;
    if (!writeBody(up.socket, this.#head.framing, data)) this.#down.holdRequest();
  }

  #sendEnd(up: ClientConnection, trailers: Fields): void {
    if (this.#head.framing.kind === 'chunked') up.socket.write(writeTrailers(trailers), 'latin1');
  }

  drain(): void {
    this.#down.moreRequest();
  }

  interim(head: ResponseHead): void {
    // HTTP/1.0 knows no 1xx: its client would take it for the answer.
    if (this.#head.minor === 1) this.#writeHead(head, { kind: 'none' });
  }

  head(head: ResponseHead): void {
    const untilClose = head.framing.kind === 'chunked' || head.framing.kind === 'until-close';
    const framing: Framing = !untilClose ? head.framing : this.#head.minor === 1 ? { kind: 'chunked' } : { kind: 'until-close' };
    this.#keepAlive = this.#head.keepAlive && this.#service.open() && framing.kind !== 'until-close';
    this.#responseFraming = framing;
    countStatus(this.#service.stats, head.status);
    this.#writeHead(head, framing);
  }

  data(data: Buffer): void {
    if (!writeBody(this.#down.socket, this.#responseFraming!, data)) this.#up?.socket.pause();
  }

  end(trailers: Fields): void {
    this.#over = true;
    if (this.#responseFraming?.kind === 'chunked') this.#down.socket.write(writeTrailers(trailers), 'latin1');
    const requestDone = this.#trailers !== undefined;
    if (requestDone) this.#up?.finish();
    else this.#up?.destroy();
    this.#up = undefined;
    this.#down.finished(this.#keepAlive && requestDone);
  }

  switched(head: ResponseHead, rest: Buffer): void {
    const up = this.#up!;
    this.#up = undefined;
    if (this.#head.upgrade === undefined || this.#trailers === undefined) {
      up.destroy();
      this.#refuse(refusalFor(new HttpFault(502, 'the upstream switched protocols without being asked'), this.#plan!.target.name));
      return;
    }
    this.#over = true;
    const { stats } = this.#service;
    const { socket } = this.#down;
    const early = this.#down.leaveHttp();
    this.#writeHead(head, { kind: 'none' }, head.fields.known.upgrade?.[0] ?? this.#head.upgrade);
    stats.status2xx++;
    if (rest.length > 0) socket.write(rest);
    if (early) up.socket.write(early);
    pipe(socket, up.socket, stats, () => undefined);
  }

  failed(cause: HttpFault, answered: boolean): void {
    const up = this.#up;
    this.#up = undefined;
    if (this.#over) return;
    const plan = this.#plan!;
    if (!answered && up?.reused && !this.#retried && this.#replayable()) {
      // The peer closed an idle connection while our request was on its way; it can't have been read.
      this.#retried = true;
      this.#service.stats.retries++;
      this.#dial(plan);
    } else if (this.#responseFraming) this.#breakOff(cause.reason);
    else this.#refuse(refusalFor(cause, plan.target.name));
  }

  /** With a body announced and none of it sent, the peer can't have acted on the request, whatever its method. */
  #replayable(): boolean {
    return !this.#bodySent && (IDEMPOTENT.has(this.#head.method) || this.#head.framing.kind !== 'none');
  }

  #writeHead(head: ResponseHead, framing: Framing, upgrade?: string): void {
    const plan = { framing, close: !this.#keepAlive, clientMinor: this.#head.minor, ...(upgrade === undefined ? {} : { upgrade }) };
    this.#down.socket.write(writeResponseHead(head, plan), 'latin1');
  }

  #refuse(refusal: Refusal): void {
    this.#over = true;
    const { service: s, head } = { service: this.#service, head: this.#head };
    const keepAlive = head.keepAlive && s.open() && (this.#trailers !== undefined || head.framing.kind === 'none');
    s.stats.refusedRequests++;
    countStatus(s.stats, refusal.status);
    s.log.log('warn', 'request refused', {
      listener: s.name,
      method: head.method,
      path: head.path,
      status: refusal.status,
      reason: refusal.reason,
    });
    this.#down.socket.write(writeRefusal(refusal, { keepAlive, headRequest: head.method === 'HEAD' }));
    this.#down.finished(keepAlive);
  }

  /** Too late for an answer: the client must see that what it got is not whole. */
  #breakOff(reason: string): void {
    this.#over = true;
    this.#service.stats.brokenResponses++;
    this.#service.log.log('warn', 'response broken off', {
      listener: this.#service.name,
      method: this.#head.method,
      path: this.#head.path,
      reason,
    });
    abort(this.#down.socket);
  }

  #dropUpstream(): void {
    const up = this.#up;
    this.#up = undefined;
    up?.destroy();
  }
}

/** Frames and sends one piece; false when the socket's buffer is full. */
function writeBody(socket: Socket, framing: Framing, data: Buffer): boolean {
  if (framing.kind !== 'chunked') return socket.write(data);
  if (data.length === 0) return true;
  socket.cork();
  socket.write(`${data.length.toString(16)}\r\n`, 'latin1');
  socket.write(data);
  const more = socket.write('\r\n', 'latin1');
  socket.uncork();
  return more;
}
