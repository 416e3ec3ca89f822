import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './answer.ts';
import type { ApiRequest, Method } from './endpoint.ts';
import type { ClientCounter } from './limits.ts';

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

/** The request as endpoints see it. What most don't look at is made when it is asked for; a copy by spreading has it all. */
export function makeCall({ message, response, blocked, closing, ...parts }: CallParts): ApiRequest {
  const client = message.socket.remoteAddress ?? '';
  let body: string | undefined;
  let signal: AbortSignal | undefined;
  return {
    ...parts,
    method: message.method as Method,
    headers: message.headers,
    remoteAddress: client,
    get body() {
      body ??= parts.bytes.toString('utf8');
      return body;
    },
    get signal() {
      signal ??= follow(response, closing);
      return signal;
    },
    enterBlocking: () => {
      if (!blocked.enter(client)) throw new HttpError(429, 'too many blocking queries are waiting for this client');
      return () => blocked.leave(client);
    },
  };
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
