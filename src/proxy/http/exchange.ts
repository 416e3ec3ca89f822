import type { Socket } from 'node:net';
import { HttpFault } from '../http1/fault.ts';
import type { Fields } from '../http1/fields.ts';
import type { Framing } from '../http1/framing.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { writeRequestHead, writeResponseHead, writeTrailers } from '../http1/write.ts';
import { abort } from '../socket/closing.ts';
import { DialError } from '../socket/dial.ts';
import { pipe } from '../socket/pipe.ts';
import { countStatus } from '../stats.ts';
import type { ClientConnection, ResponseListener } from './client-connection.ts';
import { HeldBody } from './held-body.ts';
import { type Refusal, refusalFor, writeRefusal } from './respond.ts';
import type { EndedExchange, ExchangeRules, HttpPlan, HttpService, HttpTarget } from './service.ts';
import { writeBody } from './write-body.ts';

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
export class Exchange implements ResponseListener, EndedExchange {
  readonly request: RequestHead;
  readonly #service: HttpService;
  readonly #down: Downstream;
  readonly startedAt = performance.now();
  plan: HttpPlan | undefined;
  status = 0;
  refusal: Refusal | undefined;
  brokenBy: string | undefined;
  bytesUp = 0;
  bytesDown = 0;
  #target: HttpTarget | undefined;
  #up: ClientConnection | undefined;
  /** Undefined for a request that has none. */
  readonly #body: HeldBody | undefined;
  #trailers: Fields | undefined;
  /** It was sent again because an idle connection had closed under it. */
  #resent = false;
  /** Attempts that its route's rules have given it after the first one. */
  retries = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** A byte of a response has gone to the client. */
  #answering = false;
  #responseFraming: Framing | undefined;
  #keepAlive = true;
  #over = false;

  constructor(head: RequestHead, service: HttpService, down: Downstream) {
    this.request = head;
    this.#service = service;
    this.#down = down;
    if (head.framing.kind !== 'none') this.#body = new HeldBody();
  }

  start(): void {
    this.#service.stats.requests++;
    const plan = this.#service.plan(this.request);
    if (plan instanceof Promise) void plan.then((planned) => this.#proceed(planned));
    else this.#proceed(plan);
  }

  #proceed(plan: HttpPlan | Refusal): void {
    if (this.#over) return;
    if ('status' in plan) {
      this.#refuse(plan);
      return;
    }
    this.plan = plan;
    if (plan.rules) this.#follow(plan.rules);
    this.#attempt(plan.target, plan);
  }

  bodyData(data: Buffer): void {
    if (this.#over) return;
    this.bytesUp += data.length;
    this.#body?.add(data, this.#up !== undefined);
    if (!this.#up) this.#down.holdRequest();
    else if (!writeBody(this.#up.socket, this.request.framing, data)) this.#down.holdRequest();
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
        : new HttpFault(504, `${this.plan?.target.name} did not answer in time`),
    );
  }

  downstreamClosed(): void {
    if (this.#over) return;
    this.#service.stats.brokenResponses++;
    this.brokenBy = 'the client closed the connection';
    this.#close();
    this.#dropUpstream();
  }

  downstreamDrained(): void {
    this.#up?.socket.resume();
  }

  /** Ends it now: an intention has been withdrawn, or its time or the drain deadline is over. The refusal is the answer unless another has begun. */
  cut(refusal: Refusal): void {
    if (this.#over) return;
    this.#dropUpstream();
    if (this.#responseFraming) this.#breakOff(refusal.reason);
    else this.#refuse(refusal);
  }

  #follow(rules: ExchangeRules): void {
    if (rules.retry) this.#body?.keep();
    if (rules.idleMs !== undefined) this.#down.socket.setTimeout(rules.idleMs);
    if (rules.timeoutMs === 0) return;
    this.#deadline = setTimeout(() => {
      this.#service.stats.timeouts++;
      this.cut({ status: 504, reason: `${this.plan!.target.name} did not answer within ${rules.timeoutMs} ms` });
    }, rules.timeoutMs);
  }

  #attempt(target: HttpTarget, plan: HttpPlan): void {
    this.#target = target;
    const idle = target.take();
    if (idle) this.#begin(idle, plan);
    else this.#dial(target, plan);
  }

  #dial(target: HttpTarget, plan: HttpPlan): void {
    target.dial().then(
      (connection) => {
        if (this.#over) connection.onIdle(connection);
        else this.#begin(connection, plan);
      },
      (error: unknown) => {
        if (this.#over) return;
        const refusal = refusalFor(error, plan.target.name);
        if (error instanceof DialError && plan.rules?.retry?.onConnectFailure && this.#retry(plan, refusal.reason)) return;
        this.#refuse(refusal);
      },
    );
  }

  /** False when this request can't be sent once more. */
  #retry(plan: HttpPlan, reason: string): boolean {
    const rules = plan.rules?.retry;
    if (!rules || this.#answering || this.retries >= rules.count || this.#body?.lost) return false;
    this.#dropUpstream();
    this.retries++;
    const { stats, log, name } = this.#service;
    stats.retries++;
    const { method, path } = this.request;
    log.log('info', 'request retried', { listener: name, method, path, retry: this.retries, reason });
    this.#retryTimer = setTimeout(() => this.#attempt(this.#target!.again?.() ?? this.#target!, plan), rules.backOffMs(this.retries));
    return true;
  }

  #begin(up: ClientConnection, plan: HttpPlan): void {
    this.#up = up;
    up.begin(this, this.request.method);
    up.socket.cork();
    up.socket.write(writeRequestHead(this.request, plan.edits, plan.requestTarget), 'latin1');
    if (this.#body) for (const data of this.#body.take()) writeBody(up.socket, this.request.framing, data);
    if (this.#trailers) this.#sendEnd(up, this.#trailers);
    up.socket.uncork();
    if (!up.socket.writableNeedDrain) this.#down.moreRequest();
  }

  #sendEnd(up: ClientConnection, trailers: Fields): void {
    if (this.request.framing.kind === 'chunked') up.socket.write(writeTrailers(trailers), 'latin1');
  }

  drain(): void {
    this.#down.moreRequest();
  }

  interim(head: ResponseHead): void {
    // HTTP/1.0 knows no 1xx: its client would take it for the answer.
    if (this.request.minor === 0) return;
    this.#answering = true;
    this.#writeHead(head, { kind: 'none' });
  }

  head(head: ResponseHead): void {
    const plan = this.plan!;
    if (plan.rules?.retry?.onResponse(head) && this.#retry(plan, `the answer is ${head.status}`)) return;
    const untilClose = head.framing.kind === 'chunked' || head.framing.kind === 'until-close';
    const framing: Framing = !untilClose ? head.framing : this.request.minor === 1 ? { kind: 'chunked' } : { kind: 'until-close' };
    this.#keepAlive = this.request.keepAlive && this.#service.open() && framing.kind !== 'until-close';
    this.#responseFraming = framing;
    this.#answering = true;
    this.status = head.status;
    countStatus(this.#service.stats, head.status);
    this.#writeHead(head, framing);
  }

  data(data: Buffer): void {
    this.bytesDown += data.length;
    if (!writeBody(this.#down.socket, this.#responseFraming!, data)) this.#up?.socket.pause();
  }

  end(trailers: Fields): void {
    this.#close();
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
    if (this.request.upgrade === undefined || this.#trailers === undefined) {
      up.destroy();
      this.#refuse(refusalFor(new HttpFault(502, 'the upstream switched protocols without being asked'), this.plan!.target.name));
      return;
    }
    this.status = head.status;
    this.#close();
    const { stats } = this.#service;
    const { socket } = this.#down;
    const early = this.#down.leaveHttp();
    this.#writeHead(head, { kind: 'none' }, head.fields.known.upgrade?.[0] ?? this.request.upgrade);
    stats.status2xx++;
    if (rest.length > 0) socket.write(rest);
    if (early) up.socket.write(early);
    pipe(socket, up.socket, stats, () => undefined);
  }

  failed(cause: HttpFault, answered: boolean): void {
    const up = this.#up;
    this.#up = undefined;
    if (this.#over) return;
    const plan = this.plan!;
    if (!answered && up?.reused && !this.#resent && this.#replayable()) {
      // The peer closed an idle connection while our request was on its way; it can't have been read.
      this.#resent = true;
      this.#service.stats.retries++;
      this.#dial(this.#target!, plan);
    } else if (this.#responseFraming) this.#breakOff(cause.reason);
    else if (!plan.rules?.retry?.onReset || !this.#retry(plan, cause.reason)) this.#refuse(refusalFor(cause, plan.target.name));
  }

  /** With a body announced and none of it sent, the peer can't have acted on the request, whatever its method. */
  #replayable(): boolean {
    return !this.#body?.sent && (IDEMPOTENT.has(this.request.method) || this.request.framing.kind !== 'none');
  }

  #writeHead(head: ResponseHead, framing: Framing, upgrade?: string): void {
    const edits = head.status >= 200 || upgrade !== undefined ? this.plan?.rules?.responseEdits : undefined;
    const plan = { framing, close: !this.#keepAlive, clientMinor: this.request.minor, upgrade, edits };
    this.#down.socket.write(writeResponseHead(head, plan), 'latin1');
  }

  #refuse(refusal: Refusal): void {
    this.refusal = refusal;
    this.status = refusal.status;
    this.#close();
    const { stats, log, name } = this.#service;
    const { status, reason } = refusal;
    const { method, path, framing } = this.request;
    const keepAlive = this.request.keepAlive && this.#service.open() && (this.#trailers !== undefined || framing.kind === 'none');
    stats.refusedRequests++;
    countStatus(stats, status);
    log.log('warn', 'request refused', { listener: name, method, path, status, reason });
    this.#down.socket.write(writeRefusal(refusal, { keepAlive, headRequest: method === 'HEAD' }));
    this.#down.finished(keepAlive);
  }

  /** Too late for an answer: the client must see that what it got is not whole. */
  #breakOff(reason: string): void {
    this.brokenBy = reason;
    this.#close();
    const { stats, log, name } = this.#service;
    const { method, path } = this.request;
    stats.brokenResponses++;
    log.log('warn', 'response broken off', { listener: name, method, path, reason });
    abort(this.#down.socket);
  }

  #close(): void {
    this.#over = true;
    this.#service.ended?.(this);
    const rules = this.plan?.rules;
    if (!rules) return;
    clearTimeout(this.#deadline);
    clearTimeout(this.#retryTimer);
    if (rules.idleMs !== undefined) this.#down.socket.setTimeout(this.#service.limits.idleMs);
  }

  #dropUpstream(): void {
    const up = this.#up;
    this.#up = undefined;
    up?.destroy();
  }
}
