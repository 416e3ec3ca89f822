import type { Refusal } from '../http/respond.ts';
import type { EndedExchange } from '../http/service.ts';
import { Histogram } from './histogram.ts';

interface CodeCount {
  readonly code: number;
  count: number;
}

/** What requests and connections have in common that are counted together. */
export interface TrafficKey {
  /** Of the source or the route. */
  readonly name: string;
  /** Of a split. */
  readonly cluster?: string;
  /** Of a source: where it is, and which service it calls. */
  readonly datacenter?: string;
  readonly service?: string;
}

/** Counts the requests that have something in common: a route's split, a source, an endpoint. Looked up once, not for each request. */
export class Traffic implements TrafficKey {
  readonly name: string;
  readonly cluster?: string;
  readonly datacenter?: string;
  readonly service?: string;
  /** When it began to count, in milliseconds since the epoch. */
  readonly since = Math.round(performance.timeOrigin + performance.now());
  /** By exact status, in the order of their first time; few, so that looking through them is cheaper than a map. */
  readonly codes: CodeCount[] = [];
  readonly times = new Histogram();
  /** Answered by the proxy itself. */
  refused = 0;
  /** Refused by a rule: requests, and connections whose requests aren't seen. */
  denied = 0;
  /** The client left, or the answer broke off. */
  broken = 0;
  retries = 0;
  bytesUp = 0;
  bytesDown = 0;
  /** Connections that pass as bytes; `failed` could not be served. */
  readonly connections = { total: 0, active: 0, failed: 0 };

  constructor({ name, cluster, datacenter, service }: TrafficKey = { name: '' }) {
    this.name = name;
    if (cluster !== undefined) this.cluster = cluster;
    if (datacenter !== undefined) this.datacenter = datacenter;
    if (service !== undefined) this.service = service;
  }

  record(exchange: EndedExchange, ms: number): void {
    this.times.observe(ms);
    this.bytesUp += exchange.bytesUp;
    this.bytesDown += exchange.bytesDown;
    this.retries += exchange.retries;
    if (exchange.refusal) this.#refused(exchange.refusal);
    if (exchange.brokenBy !== undefined) this.broken++;
    if (exchange.status !== 0) this.#count(exchange.status);
  }

  #refused({ rule }: Refusal): void {
    this.refused++;
    if (rule !== undefined) this.denied++;
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
