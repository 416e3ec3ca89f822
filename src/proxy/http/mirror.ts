import type { Socket } from 'node:net';
import type { Fields } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { HttpPlan, HttpTarget } from './service.ts';
import type { ResponseListener, UpstreamSide } from './sides.ts';

/** A copy of a body that lags behind by more is given up. Envoy: the buffer limit of a cluster's connections. */
const MAX_BEHIND_BYTES = 1024 * 1024;
/** Envoy's time for a route that says nothing. */
const TIMEOUT_MS = 15_000;

/**
 * A copy of a request on its way to somebody else, whose answer is thrown away. It takes what the exchange has anyway, and is given
 * up when anything is in its way: the original never waits for it and never fails with it.
 */
export class Mirror implements ResponseListener {
  readonly #target: HttpTarget;
  readonly #request: RequestHead;
  readonly #plan: HttpPlan;
  readonly #deadline: NodeJS.Timeout;
  #up: UpstreamSide | undefined;
  #waiting: Buffer[] = [];
  #behind = 0;
  #trailers: Fields | undefined;
  #over = false;

  constructor(target: HttpTarget, request: RequestHead, plan: HttpPlan) {
    this.#target = target;
    this.#request = { ...request, host: shadowOf(request.host ?? plan.edits.defaultHost), upgrade: undefined, written: undefined };
    this.#plan = plan;
    this.#deadline = setTimeout(() => this.drop(), plan.rules?.timeoutMs || TIMEOUT_MS).unref();
    const idle = target.take();
    if (idle) this.#begin(idle);
    else this.#dial();
  }

  bodyData(data: Buffer): void {
    if (this.#over) return;
    this.#behind += data.length;
    if (this.#behind > MAX_BEHIND_BYTES) this.drop();
    else if (!this.#up) this.#waiting.push(data);
    else if (this.#up.data(data)) this.#behind = 0;
  }

  bodyEnd(trailers: Fields): void {
    this.#trailers = trailers;
    if (!this.#over) this.#up?.end(trailers);
  }

  /** The original has ended before its body had. */
  originalOver(): void {
    if (!this.#trailers) this.drop();
  }

  drop(): void {
    this.#close()?.destroy();
  }

  interim(): void {
    // Nobody is told.
  }

  head(): void {
    this.#target.answered?.(200);
  }

  data(): void {
    // Read, and forgotten.
  }

  end(): void {
    const up = this.#close();
    if (this.#trailers) up?.finish();
    else up?.destroy();
  }

  switched(_head: unknown, socket: Socket): void {
    this.#close();
    socket.destroy();
  }

  failed(): void {
    this.#close();
  }

  drain(): void {
    this.#behind = 0;
  }

  #dial(): void {
    this.#target.dial().then(
      (up) => {
        if (this.#over) up.release();
        else this.#begin(up);
      },
      () => this.#close(),
    );
  }

  #begin(up: UpstreamSide): void {
    this.#up = up;
    if (up.begin(this, this.#request, this.#plan, this.#waiting, this.#trailers)) this.#behind = 0;
    this.#waiting = [];
  }

  #close(): UpstreamSide | undefined {
    const up = this.#up;
    this.#up = undefined;
    if (this.#over) return undefined;
    this.#over = true;
    this.#waiting = [];
    clearTimeout(this.#deadline);
    this.#target.over?.();
    return up;
  }
}

/** Envoy: `payments-shadow`, `payments-shadow:9090`. */
function shadowOf(host: string): string {
  const port = /:\d*$/.exec(host);
  return port ? `${host.slice(0, port.index)}-shadow${port[0]}` : `${host}-shadow`;
}
