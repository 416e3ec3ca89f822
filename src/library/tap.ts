import { MeshError } from '../base/errors.ts';
import type { TappedRequest } from '../compile/proxy-config.ts';
import { milliseconds } from './manual-clock.ts';
import type { SeenRequest, Tap, TapOptions } from './types.ts';

const TIMEOUT_MS = 5_000;

/** How requests are asked for: `take` is told of each, until the returned function is called. */
export type OpenTap = (take: (request: TappedRequest) => void) => () => void;

interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
}

/** Requests as they end: kept, so that none is missed between a call and the question for it. */
export class RunningTap implements Tap {
  readonly #wanted: TapOptions;
  readonly #seen: SeenRequest[] = [];
  readonly #stop: () => void;
  #taken = 0;
  #stopped = false;
  #waiters: Waiter[] = [];

  constructor(wanted: TapOptions, open: OpenTap) {
    this.#wanted = wanted;
    this.#stop = open((request) => this.#take(request));
  }

  get requests(): readonly SeenRequest[] {
    return this.#seen;
  }

  async next(options: { readonly timeout?: string | number } = {}): Promise<SeenRequest> {
    const [request] = await this.take(1, options);
    return request!;
  }

  async take(count: number, { timeout = TIMEOUT_MS }: { readonly timeout?: string | number } = {}): Promise<readonly SeenRequest[]> {
    const from = this.#taken;
    this.#taken += count;
    const timeoutMs = milliseconds(timeout);
    if (!(await this.#reached(from + count, timeoutMs))) {
      const rest = this.#seen.slice(from);
      this.#taken = this.#seen.length;
      const what = `request${count === 1 ? '' : 's'} ${describe(this.#wanted)}`;
      throw new MeshError(
        'failed',
        `waited ${timeoutMs / 1000} s for ${count} ${what}: there ${rest.length === 1 ? 'was' : 'were'} ${rest.length}`,
        {
          hint: rest.length === 0 ? HINT : rest.map((one) => `${one.method} ${one.path} from ${one.from}: ${one.status}`).join('; '),
        },
      );
    }
    return this.#seen.slice(from, from + count);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<SeenRequest> {
    for (let at = 0; ; at++) {
      if (!(await this.#reached(at + 1, undefined))) return;
      yield this.#seen[at]!;
    }
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#stop();
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #take(request: TappedRequest): void {
    const seen = seenOf(request);
    const { to, method, path, status } = this.#wanted;
    if (to !== undefined && seen.to !== to) return;
    if (method !== undefined && seen.method !== method.toUpperCase()) return;
    if (path !== undefined && !(typeof path === 'string' ? seen.path.split('?')[0] === path : path.test(seen.path))) return;
    if (status !== undefined && seen.status !== status) return;
    this.#seen.push(seen);
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (this.#stopped || this.#seen.length >= waiter.count) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  /** False: the time is over, or nothing comes any more. */
  async #reached(count: number, timeoutMs: number | undefined): Promise<boolean> {
    if (this.#seen.length >= count || this.#stopped) return this.#seen.length >= count;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiters.push({ count, resolve });
      if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    this.#waiters = this.#waiters.filter((waiter) => waiter.count > this.#seen.length);
    return this.#seen.length >= count;
  }
}

const HINT = "a tap sees what begins after it; calls that nobody answered are seen on the caller's side: { side: 'outbound' }";

function describe({ from, to, method, path, status }: TapOptions): string {
  const parts = [
    method,
    path === undefined ? undefined : String(path),
    from === undefined ? undefined : `from ${from}`,
    to === undefined ? undefined : `to ${to}`,
    status === undefined ? undefined : `with ${status}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ') || 'of anybody';
}

function seenOf(request: TappedRequest): SeenRequest {
  const { at, durationMs, direction, source, destination, proxy, method, host, target, status, flag, retries } = request;
  const { reason, rule, route, cluster, endpoint } = request;
  return {
    at: new Date(at),
    durationMs,
    side: direction,
    from: source,
    to: destination,
    instance: proxy.split('/').at(-2) ?? proxy,
    method,
    host,
    path: target,
    status,
    flag,
    retries,
    ...(reason === undefined ? {} : { reason }),
    ...(rule === undefined ? {} : { rule }),
    ...(route === undefined ? {} : { route }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHeaders: fieldsOf(request.requestFields),
    responseHeaders: fieldsOf(request.responseFields),
  };
}

function fieldsOf(list: readonly string[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at]!.toLowerCase();
    found[name] = found[name] === undefined ? list[at + 1]! : `${found[name]}, ${list[at + 1]}`;
  }
  return found;
}
