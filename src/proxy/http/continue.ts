import { NO_FIELDS } from '../http1/fields.ts';
import type { ResponseHead } from '../http1/response.ts';
import type { DownstreamSide } from './sides.ts';

const CONTINUE: ResponseHead = { status: 100, phrase: 'Continue', minor: 1, fields: NO_FIELDS, framing: { kind: 'none' }, keepAlive: true };

/**
 * `Expect: 100-continue` goes on to the application, which may refuse a request before its body is sent. One that has never heard
 * of it says nothing, and its client might wait for ever: after a while it is told to go on from here. (Envoy says so at once.)
 */
export class Continue {
  readonly #timer: NodeJS.Timeout;
  #said = false;

  constructor(down: DownstreamSide, waitMs: number) {
    this.#timer = setTimeout(() => {
      this.#said = down.interim(CONTINUE);
    }, waitMs);
  }

  /** True: the client has been told already. */
  answeredWith({ status }: ResponseHead): boolean {
    this.stop();
    return status === 100 && this.#said;
  }

  /** The body has begun, or the answer. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
