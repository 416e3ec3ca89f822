import type { TapFilter, TappedRequest } from '../../compile/proxy-config.ts';

/** Requests that wait to be told of; what comes above that is counted and forgotten. */
const MAX_WAITING = 1_000;
const FLUSH_MS = 50;

/** Who listens: gets what has come since the last time, and says false as long as it can't take more. */
export type TapListener = (requests: readonly TappedRequest[], dropped: number) => boolean;

/** Streams of requests as they end, for whoever asks for them. While nobody does, a request costs the look at `open`. */
export class Taps {
  readonly #taps = new Set<Tap>();
  open = false;

  /** Until the returned function is called. */
  add(filter: TapFilter, listener: TapListener): () => void {
    const tap = new Tap(filter, listener);
    this.#taps.add(tap);
    this.open = true;
    return () => {
      tap.close();
      this.#taps.delete(tap);
      this.open = this.#taps.size > 0;
    };
  }

  take(request: TappedRequest): void {
    for (const tap of this.#taps) tap.take(request);
  }
}

class Tap {
  readonly #filter: TapFilter;
  readonly #listener: TapListener;
  #waiting: TappedRequest[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(filter: TapFilter, listener: TapListener) {
    this.#filter = filter;
    this.#listener = listener;
  }

  take(request: TappedRequest): void {
    if (!isWanted(request, this.#filter)) return;
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(request);
    else this.#dropped++;
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#listener(this.#waiting, this.#dropped)) {
      this.#waiting = [];
      this.#dropped = 0;
    } else this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }
}

function isWanted(request: TappedRequest, filter: TapFilter): boolean {
  const { proxy, direction, upstream, service, destination, source, method, pathPrefix, status } = filter;
  return (
    (proxy === undefined || request.proxy === proxy || request.proxy.endsWith(`/${proxy}`)) &&
    (direction === undefined || request.direction === direction) &&
    (upstream === undefined || (request.direction === 'outbound' && request.destination === upstream)) &&
    (service === undefined || (request.direction === 'outbound' ? request.source : request.destination) === service) &&
    (destination === undefined || request.destination === destination || request.destination.startsWith(`${destination}?`)) &&
    (source === undefined || request.source === source) &&
    (method === undefined || request.method === method.toUpperCase()) &&
    (pathPrefix === undefined || (request.target !== '' && request.target.startsWith(pathPrefix))) &&
    (status === undefined || isStatus(request.status, status))
  );
}

/** `wanted` is exact, or a class: `5xx`. */
function isStatus(status: number, wanted: string): boolean {
  const text = String(status);
  return wanted.endsWith('xx') ? text[0] === wanted[0] : text === wanted;
}
