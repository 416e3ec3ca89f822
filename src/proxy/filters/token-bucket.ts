import type { TokenBucketLimit } from '../../compile/proxy-config.ts';

/** Envoy's: full at first, and some tokens more at the end of each interval, up to its size. */
export class TokenBucket {
  readonly #limit: TokenBucketLimit;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** `now` is in milliseconds. */
  constructor(limit: TokenBucketLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
    this.#tokens = limit.maxTokens;
    this.#filledAt = now();
  }

  /** False when there is none left. */
  take(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(): void {
    const { maxTokens, tokensPerFill, fillMs } = this.#limit;
    const fills = Math.floor((this.#now() - this.#filledAt) / fillMs);
    if (fills <= 0) return;
    this.#filledAt += fills * fillMs;
    this.#tokens = Math.min(maxTokens, this.#tokens + fills * tokensPerFill);
  }
}
