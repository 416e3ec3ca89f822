import type { Clock, Log } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import type { RequestLimits, Tuning } from '../agent/tuning.ts';
import { HttpError } from './answer.ts';

/** Consul: a bucket holds what may be asked for in ten seconds. */
const BURST_SECONDS = 10;

/** Filled at a steady rate, full at first. */
class Bucket {
  readonly #perSecond: number;
  readonly #most: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#most = Math.floor(perSecond) * BURST_SECONDS;
    this.#tokens = this.#most;
    this.#at = now;
  }

  take(now: number): boolean {
    if (this.#perSecond < 0) return true;
    this.#tokens = Math.min(this.#most, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** What Consul's servers are not asked for, or answer at any rate: the agent itself, operators, and who leads. */
const EXEMPT = ['/v1/agent/', '/v1/operator/', '/v1/status/', '/v1/snapshot', '/v1/event/list'];
/** Reads with a body. */
const READS = ['/v1/discovery-chain/', '/v1/internal/acl/authorize', '/v1/acl/bootstrap'];

/** One limit for all clients and all listeners (Consul: `limits.request_limits`). */
export class RequestBudget {
  readonly #tuning: Watch<Tuning>;
  readonly #clock: Clock;
  readonly #log: Log;
  #limits: RequestLimits | undefined;
  #buckets: { readonly read: Bucket; readonly write: Bucket } | undefined;

  constructor(tuning: Watch<Tuning>, clock: Clock, log: Log) {
    this.#tuning = tuning;
    this.#clock = clock;
    this.#log = log;
  }

  /** Throws a 429 for a read too many, and a 503 for a write: no other server could do that. */
  take(method: string, url: string, client: string): void {
    const limits = this.#tuning.value.requestLimits;
    if (limits.mode === 'disabled') return;
    const kind = kindOf(method, url);
    if (kind === undefined) return;
    const now = this.#clock.now();
    if (!this.#buckets || !isSame(limits, this.#limits)) {
      this.#limits = limits;
      this.#buckets = { read: new Bucket(limits.readRate, now), write: new Bucket(limits.writeRate, now) };
    }
    if (this.#buckets[kind].take(now)) return;
    const enforced = limits.mode === 'enforcing';
    // The query may hold a token.
    const [path = ''] = url.split('?');
    const facts = { method, path, source_addr: client, limit_type: `global/${kind}`, limit_enforced: enforced };
    this.#log.log('debug', 'RPC exceeded allowed rate limit', facts);
    if (!enforced) return;
    if (kind === 'read') throw new HttpError(429, 'rate limit exceeded, try again later or against a different server');
    throw new HttpError(503, 'rate limit exceeded for operation that can only be performed by the leader, try again later');
  }
}

function kindOf(method: string, url: string): 'read' | 'write' | undefined {
  if (!url.startsWith('/v1/') || method === 'OPTIONS' || EXEMPT.some((prefix) => url.startsWith(prefix))) return undefined;
  return method === 'GET' || READS.some((prefix) => url.startsWith(prefix)) ? 'read' : 'write';
}

const isSame = (a: RequestLimits, b: RequestLimits | undefined): boolean =>
  a.mode === b?.mode && a.readRate === b.readRate && a.writeRate === b.writeRate;
