import type { Clock } from '../../base/ports.ts';

export interface FaultConfig {
  /** 0 to 1. */
  readonly errorRate: number;
  /** `http_error`; anything else delays and then fails. */
  readonly errorType: string;
  readonly errorCode: number;
  readonly errorDelayMs: number;
  /** Requests per second; 0: no limit. */
  readonly rateLimit: number;
  readonly rateLimitCode: number;
}

/** The answer that a request gets instead of its own, after `delayMs`. */
export interface Fault {
  readonly code: number;
  readonly error: string;
  readonly delayMs: number;
}

/** Decides, in the order of their arrival, which requests fail. Deterministic: rate 0.2 is every fifth request. */
export class FaultInjector {
  #config: FaultConfig;
  #bucket: TokenBucket | undefined;
  #requests = 0;
  #errorRate: number;

  constructor(config: FaultConfig, clock: Pick<Clock, 'now'>) {
    this.#config = config;
    this.#errorRate = config.errorRate;
    this.#bucket = config.rateLimit > 0 ? new TokenBucket(config.rateLimit, clock) : undefined;
  }

  set errorRate(rate: number) {
    this.#errorRate = rate;
  }

  /** The fault of the next request, or undefined. The limit is asked first; a limited request counts for the rate too. */
  next(): Fault | undefined {
    const { errorType, errorCode, errorDelayMs, rateLimitCode } = this.#config;
    this.#requests++;
    if (this.#bucket && !this.#bucket.take()) return { code: rateLimitCode, error: 'Service exceeded rate limit', delayMs: 0 };
    if (this.#errorRate <= 0) return undefined;
    const every = Math.max(1, Math.trunc(1 / this.#errorRate));
    if (this.#requests % every !== 0) return undefined;
    if (errorType === 'http_error') return { code: errorCode, error: 'Service error automatically injected', delayMs: 0 };
    return { code: errorCode, error: 'Service delay automatically injected', delayMs: errorDelayMs };
  }
}

class TokenBucket {
  #perMs: number;
  #burst: number;
  #tokens: number;
  #filledAt: number;
  #clock: Pick<Clock, 'now'>;

  constructor(perSecond: number, clock: Pick<Clock, 'now'>) {
    this.#perMs = perSecond / 1000;
    // The original's burst is int(perSecond), so that a rate below one lets nothing through, ever; nobody can mean that.
    this.#burst = Math.max(1, Math.trunc(perSecond));
    this.#tokens = this.#burst;
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  take(): boolean {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
