import type { EndedExchange } from '../http/service.ts';
import { Histogram } from './histogram.ts';

interface CodeCount {
  readonly code: number;
  count: number;
}

/** Counts the requests that have something in common: a route's split, a source, an endpoint. Looked up once, not for each request. */
export class Traffic {
  /** Of the source or the route. */
  readonly name: string;
  /** Of the split. */
  readonly cluster: string | undefined;
  /** By exact status, in the order of their first time; few, so that looking through them is cheaper than a map. */
  readonly codes: CodeCount[] = [];
  readonly times = new Histogram();
  /** Answered by the proxy itself. */
  refused = 0;
  /** The client left, or the answer broke off. */
  broken = 0;
  retries = 0;
  bytesUp = 0;
  bytesDown = 0;

  constructor(name = '', cluster?: string) {
    this.name = name;
    this.cluster = cluster;
  }

  record(exchange: EndedExchange, ms: number): void {
    this.times.observe(ms);
    this.bytesUp += exchange.bytesUp;
    this.bytesDown += exchange.bytesDown;
    this.retries += exchange.retries;
    if (exchange.refusal) this.refused++;
    if (exchange.brokenBy !== undefined) this.broken++;
    if (exchange.status !== 0) this.#count(exchange.status);
  }

  #count(status: number): void {
    for (const entry of this.codes) {
      if (entry.code !== status) continue;
      entry.count++;
      return;
    }
    this.codes.push({ code: status, count: 1 });
  }
}
