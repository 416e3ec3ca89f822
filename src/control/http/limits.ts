import type { Clock } from '../../base/ports.ts';
import { HttpError } from './answer.ts';

/** How much one client may ask for. A client is an IP address; all of a Unix socket are one. Undefined: as much as it wants. */
export interface HttpLimits {
  /** Open connections of a client (Consul: `limits.http_max_conns_per_client`); further ones are told 429 and closed. */
  readonly connectionsPerClient?: number;
  /** Requests of a client a second, with bursts of as many; further ones are answered 429. */
  readonly requestsPerSecond?: number;
  /** Blocking queries of a client that wait at the same time; further ones are answered 429. */
  readonly blockingPerClient?: number;
  /** Bytes of the value of a key (Consul: `limits.kv_max_value_size`), 512 KiB by default. */
  readonly kvMaxValueSize?: number;
  /** Bytes of a transaction (Consul: `limits.txn_max_req_len`), 512 KiB by default. */
  readonly txnMaxReqLen?: number;
  /** Bytes of the headers of a request, 16 KiB by default; more is answered 431. */
  readonly headerBytes?: number;
}

/** Counts what each client has open. */
export class ClientCounter {
  readonly #counts = new Map<string, number>();
  /** May change; those who are in stay. */
  most: number;

  constructor(most: number = Number.POSITIVE_INFINITY) {
    this.most = most;
  }

  /** False: it has as many as it may. */
  enter(client: string): boolean {
    const count = this.#counts.get(client) ?? 0;
    if (count >= this.most) return false;
    this.#counts.set(client, count + 1);
    return true;
  }

  leave(client: string): void {
    const count = (this.#counts.get(client) ?? 0) - 1;
    if (count > 0) this.#counts.set(client, count);
    else this.#counts.delete(client);
  }
}

/** Remember at most so many clients; those who are forgotten begin with a full bucket again. */
const MOST_BUCKETS = 10_000;

/** A bucket of tokens for each client, filled at a steady rate. */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Throws a 429 in the words of Consul's global rate limit. */
  take(client: string): void {
    const now = this.#clock.now();
    const burst = Math.max(1, this.#perSecond);
    const { tokens, at } = this.#buckets.get(client) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * this.#perSecond);
    if (filled < 1) {
      const retry = String(Math.ceil((1 - filled) / this.#perSecond));
      throw new HttpError(429, 'rate limit exceeded, try again later or against a different server', { headers: { 'Retry-After': retry } });
    }
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: filled - 1, at: now });
    if (this.#buckets.size > MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
  }
}

const TOO_MANY = 'Your IP is issuing too many concurrent connections, please rate limit your calls\n';

/** What Consul's listener writes to a connection too many, before it closes it. */
export const TOO_MANY_CONNECTIONS = `HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nContent-Length: ${TOO_MANY.length}\r\nConnection: close\r\n\r\n${TOO_MANY}`;
