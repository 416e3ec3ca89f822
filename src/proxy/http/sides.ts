import type { Socket } from 'node:net';
import type { HttpFault } from '../http1/fault.ts';
import type { Fields } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import type { FieldEdits } from '../http1/write.ts';
import type { Reached } from '../observe/endpoint-stats.ts';
import type { Refusal } from './respond.ts';
import type { Caller, HttpPlan } from './service.ts';

/** What an exchange asks of the side that its request came from, whatever version of HTTP that speaks. */
export interface DownstreamSide extends Caller {
  /** Stops reading more of the request body. */
  holdRequest(): void;
  moreRequest(): void;
  /** Longest silence of the exchange in milliseconds; 0: none. */
  limitSilence(ms: number): void;
  /** 1xx other than 101. False: the client knows no such thing, and nothing was written. */
  interim(head: ResponseHead): boolean;
  head(head: ResponseHead, edits: FieldEdits | undefined): void;
  /** False when the client has to be waited for; the exchange is told when it takes more. */
  data(data: Buffer): boolean;
  /** The last call of an exchange, as are the three below. `requestDone`: its request has been read to the end. */
  end(trailers: Fields, requestDone: boolean): void;
  /** The whole answer; nothing has been written before it but interim ones. */
  refuse(refusal: Refusal, requestDone: boolean): void;
  /** Makes the client see that what it got is not whole, and why if it can be told. */
  abort(refusal: Refusal): void;
  /** 101: joins the client, and what it has sent already, to the upstream's socket; `rest` came from there with the head. */
  switchProtocols(head: ResponseHead, edits: FieldEdits | undefined, up: Socket, rest: Buffer): void;
}

/** What an exchange asks of the side that answers its request. One exchange's alone from `begin` to `finish` or `destroy`. */
export interface UpstreamSide {
  /** It has carried a request before, so the peer may have closed it while this one was under way. */
  readonly reused: boolean;
  /** The peer can say that it has not looked at a request, which is then sent again, if its body is still here. */
  readonly mayRefuse: boolean;
  /** Where it leads; absent where nobody counts that. */
  readonly reached?: Reached | undefined;
  /**
   * Sends the head, what there is of the body and, if there are `trailers`, the end. True when it takes more at once; otherwise
   * the listener is told when it does.
   */
  begin(listener: ResponseListener, request: RequestHead, plan: HttpPlan, body: readonly Buffer[], trailers: Fields | undefined): boolean;
  /** False when it has to be waited for. */
  data(data: Buffer): boolean;
  end(trailers: Fields): void;
  /** Stops reading more of the response. */
  pause(): void;
  resume(): void;
  /** Both messages are complete. */
  finish(): void;
  destroy(): void;
  /** Not needed after all; nothing was begun. */
  release(): void;
}

/** How far an attempt came: `refused`: nobody has looked at the request, so that it may be sent again; `answered`: a byte of a response had come. */
export type Progress = 'refused' | 'silent' | 'answered';

/** Who waits for the response of an UpstreamSide. After `end`, `switched` or `failed` nothing more is called. */
export interface ResponseListener {
  /** 1xx other than 101. */
  interim(head: ResponseHead): void;
  head(head: ResponseHead): void;
  data(data: Buffer): void;
  end(trailers: Fields): void;
  /** 101: from here on the bytes are the listener's; `rest` came with the head. */
  switched(head: ResponseHead, socket: Socket, rest: Buffer): void;
  /** It is gone. */
  failed(cause: HttpFault, progress: Progress): void;
  /** It takes more of the request. */
  drain(): void;
}
