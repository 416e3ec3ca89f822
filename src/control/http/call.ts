import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Authorizer } from '../../acl/authorizer.ts';
import type { Filter } from '../../filter/compile.ts';
import { HttpError } from './answer.ts';
import type { ApiRequest, Method } from './endpoint.ts';
import type { ClientCounter } from './limits.ts';
import type { QueryOptions } from './query-options.ts';

/** What a request is made of. */
export interface CallParts extends Pick<ApiRequest, 'params' | 'query' | 'options' | 'filter' | 'bytes' | 'token' | 'acl'> {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly blocked: ClientCounter;
  readonly closing: Closing;
}

/** Whom to tell that the server closes. (AbortSignal.any on a signal that lives long keeps every signal that was made of it.) */
export class Closing {
  readonly #controllers = new Set<AbortController>();
  #reason: Error | undefined;

  add(controller: AbortController): void {
    if (this.#reason) controller.abort(this.#reason);
    else this.#controllers.add(controller);
  }

  delete(controller: AbortController): void {
    this.#controllers.delete(controller);
  }

  abort(reason: Error): void {
    this.#reason ??= reason;
    for (const controller of this.#controllers) controller.abort(reason);
    this.#controllers.clear();
  }
}

/** The request as endpoints see it. What most don't look at is made when it is asked for: a copy by spreading would lack it. */
export class Call implements ApiRequest {
  readonly method: Method;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly options: QueryOptions;
  readonly filter: Filter | undefined;
  readonly bytes: Buffer;
  readonly token: string;
  readonly acl: Authorizer;
  readonly #parts: CallParts;
  #body: string | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: CallParts) {
    this.method = parts.message.method as Method;
    this.params = parts.params;
    this.query = parts.query;
    this.options = parts.options;
    this.filter = parts.filter;
    this.bytes = parts.bytes;
    this.token = parts.token;
    this.acl = parts.acl;
    this.#parts = parts;
  }

  get headers(): IncomingHttpHeaders {
    return this.#parts.message.headers;
  }

  get remoteAddress(): string {
    return this.#parts.message.socket.remoteAddress ?? '';
  }

  get body(): string {
    this.#body ??= this.bytes.toString('utf8');
    return this.#body;
  }

  get signal(): AbortSignal {
    this.#signal ??= follow(this.#parts.response, this.#parts.closing);
    return this.#signal;
  }

  enterBlocking(): () => void {
    const { blocked } = this.#parts;
    const client = this.remoteAddress;
    if (!blocked.enter(client)) throw new HttpError(429, 'too many blocking queries are waiting for this client');
    return () => blocked.leave(client);
  }
}

function follow(response: ServerResponse, closing: Closing): AbortSignal {
  const controller = new AbortController();
  const gone = (): void => {
    closing.delete(controller);
    controller.abort(new Error('the client is gone'));
  };
  closing.add(controller);
  if (response.destroyed) gone();
  else response.once('close', gone);
  return controller.signal;
}
