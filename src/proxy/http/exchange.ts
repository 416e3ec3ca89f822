import type { Socket } from 'node:net';
import { GRPC_CODES } from '../../base/grpc.ts';
import { HttpFault } from '../http1/fault.ts';
import type { Fields } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import type { FieldEdits } from '../http1/write.ts';
import type { Reached } from '../observe/endpoint-stats.ts';
import { DialError } from '../socket/dial.ts';
import { countStatus } from '../stats.ts';
import { Continue } from './continue.ts';
import { filledEdits } from './filled-edits.ts';
import { HeldBody } from './held-body.ts';
import { judgedStatus } from './judged-status.ts';
import { Mirror } from './mirror.ts';
import { flagOf, type Refusal, refusalFor } from './respond.ts';
import {
  type Caller,
  CLIENT_LEFT,
  type EndedExchange,
  type ExchangeRules,
  type HttpPlan,
  type HttpService,
  type HttpTarget,
} from './service.ts';
import type { DownstreamSide, Progress, ResponseListener, UpstreamSide } from './sides.ts';

/** May be sent twice without meaning something else (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

const NO_BODY: readonly Buffer[] = [];
const DEADLINE_EXCEEDED = GRPC_CODES.indexOf('DeadlineExceeded');

/** One request and its response, from a parsed head to the last byte. Holds at most what its two sides have handed over. */
export class Exchange implements ResponseListener, EndedExchange {
  readonly request: RequestHead;
  readonly #service: HttpService;
  readonly #down: DownstreamSide;
  readonly startedAt = performance.now();
  plan: HttpPlan | undefined;
  status = 0;
  refusal: Refusal | undefined;
  brokenBy: string | undefined;
  bytesUp = 0;
  bytesDown = 0;
  response: ResponseHead | undefined;
  answeredAt = 0;
  reached: Reached | undefined;
  #target: HttpTarget | undefined;
  #up: UpstreamSide | undefined;
  /** Undefined for a request that has none. */
  readonly #body: HeldBody | undefined;
  #trailers: Fields | undefined;
  /** It was sent again because an idle connection had closed under it. */
  #resent = false;
  /** Attempts that its route's rules have given it after the first one. */
  retries = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** A byte of a response, of an interim one too, has gone to the client. */
  #answering = false;
  /** The head of the response has. */
  #answered = false;
  #mirror: Mirror | undefined;
  #continue: Continue | undefined;
  #over = false;

  constructor(head: RequestHead, service: HttpService, down: DownstreamSide) {
    this.request = head;
    this.#service = service;
    this.#down = down;
    if (head.framing.kind !== 'none') this.#body = new HeldBody();
  }

  get caller(): Caller {
    return this.#down;
  }

  start(): void {
    this.#service.stats.requests++;
    const plan = this.#service.plan(this.request, this.#down);
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
    if (plan.mirror) this.#copyTo(plan.mirror, plan);
    const { deadlineMs } = this.request;
    if (plan.rules || deadlineMs !== undefined) this.#limitTime(plan.rules?.timeoutMs ?? 0, deadlineMs);
    this.#attempt(plan.target, plan);
  }

  bodyData(data: Buffer): void {
    if (this.#over) return;
    this.bytesUp += data.length;
    this.#continue?.stop();
    this.#body?.add(data, this.#up !== undefined);
    this.#mirror?.bodyData(data);
    if (!this.#up) this.#down.holdRequest();
    else if (!this.#up.data(data)) this.#down.holdRequest();
  }

  bodyEnd(trailers: Fields): void {
    this.#trailers = trailers;
    this.#up?.end(trailers);
    this.#mirror?.bodyEnd(trailers);
  }

  /** The client broke the rules in the middle of its body, or stopped sending it. */
  requestFailed(fault: HttpFault): void {
    this.cut({ status: fault.status, reason: fault.reason, flag: flagOf(fault) });
  }

  /** Nothing has moved for the idle limit. */
  stalled(): void {
    const client = this.#trailers === undefined;
    this.requestFailed(
      client
        ? new HttpFault(408, 'the request body stopped coming', 'SI')
        : new HttpFault(504, `${this.plan?.target.name} did not answer in time`, 'SI'),
    );
  }

  downstreamClosed(): void {
    if (this.#over) return;
    this.#service.stats.brokenResponses++;
    this.brokenBy = CLIENT_LEFT;
    this.#close();
    this.#dropUpstream();
  }

  downstreamDrained(): void {
    this.#up?.resume();
  }

  /** Ends it now: an intention has been withdrawn, or its time or the drain deadline is over. The refusal is the answer unless another has begun. */
  cut(refusal: Refusal): void {
    if (this.#over) return;
    this.#dropUpstream();
    if (this.#answered) this.#breakOff(refusal);
    else this.#refuse(refusal);
  }

  #follow(rules: ExchangeRules): void {
    if (rules.retry) this.#body?.keep();
    if (rules.idleMs !== undefined) this.#down.limitSilence(rules.idleMs);
  }

  /** By the route, 0: none, and by what its client has said; the shorter one holds. */
  #limitTime(timeoutMs: number, deadlineMs: number | undefined): void {
    const own = deadlineMs !== undefined && (timeoutMs === 0 || deadlineMs < timeoutMs);
    const ms = own ? deadlineMs : timeoutMs;
    if (ms === 0 && !own) return;
    this.#deadline = setTimeout(() => {
      this.#service.stats.timeouts++;
      if (!this.#answered && this.#up) this.#target?.answered?.(504);
      const reason = `${this.plan!.target.name} did not answer within ${ms} ms`;
      this.cut({ status: 504, reason, flag: 'UT', ...(own ? { grpcStatus: DEADLINE_EXCEEDED } : {}) });
    }, ms);
  }

  /** A conversation that leaves HTTP has no copy. */
  #copyTo(target: HttpTarget, plan: HttpPlan): void {
    if (this.request.upgrade !== undefined) return;
    const mirror = new Mirror(target, this.request, plan);
    for (const piece of this.#body?.pieces ?? NO_BODY) mirror.bodyData(piece);
    if (this.#trailers) mirror.bodyEnd(this.#trailers);
    this.#mirror = mirror;
  }

  #attempt(target: HttpTarget, plan: HttpPlan): void {
    this.#target = target;
    const idle = target.take();
    if (idle) this.#begin(idle, plan);
    else this.#dial(target, plan);
  }

  #dial(target: HttpTarget, plan: HttpPlan): void {
    target.dial().then(
      (up) => {
        if (this.#over) up.release();
        else this.#begin(up, plan);
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
    if (this.#target!.mayRetry?.() === false) return false;
    this.#dropUpstream();
    this.retries++;
    const { stats, log, name } = this.#service;
    stats.retries++;
    const { method, path } = this.request;
    log.log('info', 'request retried', { listener: name, method, path, retry: this.retries, reason });
    const before = this.#target!;
    const next = before.again?.() ?? before;
    before.over?.();
    this.#target = next;
    this.#retryTimer = setTimeout(() => this.#attempt(next, plan), rules.backOffMs(this.retries));
    return true;
  }

  #begin(up: UpstreamSide, plan: HttpPlan): void {
    this.#up = up;
    this.reached = up.reached;
    if (up.mayRefuse) this.#body?.keep();
    if (this.request.fields.known.expect) this.#continue ??= new Continue(this.#down, this.#service.limits.continueMs);
    const more = up.begin(this, this.request, plan, this.#body?.take() ?? NO_BODY, this.#trailers);
    if (more) this.#down.moreRequest();
  }

  drain(): void {
    this.#down.moreRequest();
  }

  interim(head: ResponseHead): void {
    if (this.#continue?.answeredWith(head)) return;
    if (this.#down.interim(head)) this.#answering = true;
  }

  head(head: ResponseHead): void {
    const { rules } = this.plan!;
    this.#target!.answered?.(judgedStatus(head, this.request));
    if (rules?.retry?.onResponse(head) && this.#retry(this.plan!, `the answer is ${head.status}`)) return;
    this.#answering = true;
    this.#answered = true;
    this.#continue?.stop();
    this.#body?.letGo();
    this.status = head.status;
    this.response = head;
    this.answeredAt = performance.now();
    countStatus(this.#service.stats, head.status);
    this.#down.head(head, this.#responseEdits());
  }

  data(data: Buffer): void {
    this.bytesDown += data.length;
    if (!this.#down.data(data)) this.#up?.pause();
  }

  end(trailers: Fields): void {
    this.#close();
    const requestDone = this.#trailers !== undefined;
    if (requestDone) this.#up?.finish();
    else this.#up?.destroy();
    this.#up = undefined;
    this.#down.end(trailers, requestDone);
  }

  switched(head: ResponseHead, socket: Socket, rest: Buffer): void {
    this.#up = undefined;
    if (this.request.upgrade === undefined || this.#trailers === undefined) {
      socket.destroy();
      this.#refuse(refusalFor(new HttpFault(502, 'the upstream switched protocols without being asked'), this.plan!.target.name));
      return;
    }
    this.status = head.status;
    this.response = head;
    this.answeredAt = performance.now();
    const target = this.#target!;
    target.answered?.(head.status);
    // For its upstream it goes on as long as the conversation does.
    this.#target = undefined;
    socket.once('close', () => target.over?.());
    this.#close();
    this.#service.stats.status2xx++;
    this.#down.switchProtocols(head, this.#responseEdits(), socket, rest);
  }

  #responseEdits(): FieldEdits | undefined {
    const edits = this.plan!.rules?.responseEdits;
    return edits && filledEdits(edits, this);
  }

  failed(cause: HttpFault, progress: Progress): void {
    const up = this.#up;
    this.#up = undefined;
    if (this.#over) return;
    const plan = this.plan!;
    const retry = plan.rules?.retry;
    if (progress !== 'answered' && !this.#resent && this.#replayable(progress, up?.reused === true)) {
      this.#resent = true;
      this.#service.stats.retries++;
      this.#dial(this.#target!, plan);
    } else if (this.#answered) this.#breakOff(refusalFor(cause, plan.target.name));
    else {
      this.#target!.answered?.(0);
      const again = progress === 'refused' ? retry?.onRefused : retry?.onReset;
      if (!again || !this.#retry(plan, cause.reason)) this.#refuse(refusalFor(cause, plan.target.name));
    }
  }

  /** The peer can't have acted on the request: it says so, or it closed an idle connection while the request was on its way. */
  #replayable(progress: Progress, reused: boolean): boolean {
    if (progress === 'refused') return !this.#body?.lost;
    // With a body announced and none of it sent, whatever its method.
    return reused && !this.#body?.sent && (IDEMPOTENT.has(this.request.method) || this.request.framing.kind !== 'none');
  }

  #refuse(refusal: Refusal): void {
    this.refusal = refusal;
    this.status = refusal.status;
    this.#close();
    const { stats, log, name } = this.#service;
    const { status, reason } = refusal;
    const { method, path } = this.request;
    stats.refusedRequests++;
    countStatus(stats, status);
    log.log('warn', 'request refused', { listener: name, method, path, status, reason });
    this.#down.refuse(refusal, this.#trailers !== undefined);
  }

  /** Too late for an answer: the client must see that what it got is not whole. */
  #breakOff(refusal: Refusal): void {
    const { reason } = refusal;
    this.brokenBy = reason;
    this.#close();
    const { stats, log, name } = this.#service;
    const { method, path } = this.request;
    stats.brokenResponses++;
    log.log('warn', 'response broken off', { listener: name, method, path, reason });
    this.#down.abort(refusal);
  }

  #close(): void {
    this.#over = true;
    this.#service.stats.completedRequests++;
    this.#target?.over?.();
    this.#mirror?.originalOver();
    this.#service.ended?.(this);
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#continue?.stop();
    const rules = this.plan?.rules;
    if (!rules) return;
    clearTimeout(this.#retryTimer);
    if (rules.idleMs !== undefined) this.#down.limitSilence(this.#service.limits.idleMs);
  }

  #dropUpstream(): void {
    const up = this.#up;
    this.#up = undefined;
    up?.destroy();
  }
}
