import type { Socket } from 'node:net';
import type { Log } from '../../base/ports.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import type { FieldEdits, RequestEdits } from '../http1/write.ts';
import type { Limits } from '../limits.ts';
import type { Reached } from '../observe/endpoint-stats.ts';
import type { SpanContext } from '../observe/trace/context.ts';
import type { Traffic } from '../observe/traffic.ts';
import type { ListenerStats } from '../stats.ts';
import type { Refusal } from './respond.ts';
import type { UpstreamSide } from './sides.ts';

/** What a listener does with HTTP requests. Asked anew for each one, so that a change of configuration holds from the next request on. */
export interface HttpService {
  /** For logs: `web/outbound/payments`. */
  readonly name: string;
  readonly log: Log;
  readonly limits: Limits;
  readonly stats: ListenerStats;
  /** A client that ends its side after its last request gets the answers all the same. */
  readonly halfClose?: true;
  /** False once the listener has gone or speaks another protocol: connections finish their request and close. */
  open(): boolean;
  /** `caller` is who sent it. A promise when something has to be asked or waited for first; the body is held meanwhile. It must not reject. */
  plan(head: RequestHead, caller: Caller): HttpPlan | Refusal | Promise<HttpPlan | Refusal>;
  /**
   * Told once about each exchange that is over, however it ended; one whose request could not even be read has UNREAD for it. On the
   * hot path: counts, and leaves the rest for later.
   */
  ended?(exchange: EndedExchange): void;
}

/** The other end of the connection that a request came on. */
export interface Caller {
  readonly remoteAddress: string;
  /** For logs. */
  readonly socket: Socket;
  /** Absent: HTTP/1, whose request says which. */
  readonly version?: 2;
}

/** `EndedExchange.brokenBy` when the client is the one who broke it. */
export const CLIENT_LEFT = 'the client closed the connection';

/** One client of a listener, whatever version of HTTP it speaks. */
export interface HttpConnection {
  /** Takes no further request; what is under way finishes. */
  drain(): void;
  /** Ends what is under way. */
  cut(refusal: Refusal): void;
  /** Asks of each request that is under way whether it may go on, and ends those that get a refusal. */
  review(judge: (request: RequestHead) => Refusal | undefined): void;
}

/** What there is to tell of a request that is over. */
export interface EndedExchange {
  readonly request: RequestHead;
  readonly caller: Caller;
  /** Absent when it was refused before it had one. */
  readonly plan: HttpPlan | undefined;
  /** `performance.now()` when its head had been read. */
  readonly startedAt: number;
  /** Of the answer that the client got, or of its refusal, which a client of gRPC gets as 200 with a status of its own; 0: none. */
  readonly status: number;
  /** The proxy itself answered. */
  readonly refusal: Refusal | undefined;
  /** Why the answer, or the request, is not whole. */
  readonly brokenBy: string | undefined;
  /** Attempts after the first. */
  readonly retries: number;
  /** Bytes of bodies as data, without their framing. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The head of the answer, as the upstream sent it. */
  readonly response: ResponseHead | undefined;
  /** `performance.now()` when that had been read; 0: never. */
  readonly answeredAt: number;
  /** The endpoint that the last attempt went to; absent when no connection was had. */
  readonly reached: Reached | undefined;
}

export interface HttpPlan {
  readonly target: HttpTarget;
  readonly edits: RequestEdits;
  /** Path and query to send instead of the request's own. */
  readonly requestTarget?: string | undefined;
  readonly rules?: ExchangeRules | undefined;
  /** Where a copy of the request goes. */
  readonly mirror?: HttpTarget | undefined;
  /** The split that was drawn, for whoever counts it. */
  readonly traffic?: Traffic | undefined;
  /** Its place in a trace, if it has one. */
  readonly trace?: SpanContext | undefined;
}

/** What a route asks for beyond sending a request on. */
export interface ExchangeRules {
  /** From the first byte of the request to the last of the response, all attempts together; 0: none. */
  readonly timeoutMs: number;
  /** Longest silence; 0: none; undefined: the listener's limit. */
  readonly idleMs: number | undefined;
  readonly retry: RetryRules | undefined;
  readonly responseEdits: FormattedEdits | undefined;
}

/** Edits of which some values are made of the exchange. */
export interface FormattedEdits extends FieldEdits {
  /** By the element of `add` whose value it makes; an empty one is not added. */
  readonly formats?: ReadonlyMap<FieldEdits['add'][number], (exchange: EndedExchange) => string> | undefined;
}

/** When to send a request once more. Only one whose body is still here, and of whose response the client has not seen a byte. */
export interface RetryRules {
  /** Attempts after the first one. */
  readonly count: number;
  readonly onConnectFailure: boolean;
  /** The upstream closed, or broke the rules, before it had sent a response head. */
  readonly onReset: boolean;
  /** The upstream has refused the stream, and said so. */
  readonly onRefused: boolean;
  onResponse(head: ResponseHead): boolean;
  /** `attempt` counts from 1. */
  backOffMs(attempt: number): number;
}

/** Where one request goes; the endpoint is chosen by the first call. */
export interface HttpTarget {
  /** For logs and reasons: the service. */
  readonly name: string;
  /** An idle connection, if there is one. */
  take(): UpstreamSide | undefined;
  /** A new connection; tries other endpoints when one can't be reached. Rejects with a DialError or NoEndpointError. */
  dial(): Promise<UpstreamSide>;
  /** For a further attempt: prefers endpoints that the attempts before it did not use. */
  again?(): HttpTarget;
  /** False: too many of the requests under way are retries already. */
  mayRetry?(): boolean;
  /** The attempt has an answer, whose body may still come, that means this status of HTTP; 0: it has failed without one. */
  answered?(status: number): void;
  /** The attempt is over, whatever came of it. */
  over?(): void;
}
