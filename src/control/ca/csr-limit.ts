import type { Clock } from '../../base/ports.ts';

/** Consul waits this long for its turn, then refuses. */
const MAX_WAIT_MS = 500;

/**
 * Consul's CSRMaxPerSecond: who asks gets the next free moment, if it comes within half a second. (CSRMaxConcurrent needs
 * no counterpart: signing takes less than a millisecond here, and two never overlap.)
 */
export class CsrLimit {
  readonly #clock: Clock;
  #nextAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with whether one may be signed; rejects with the signal's reason. `perSecond` 0: always. */
  async admit(perSecond: number, signal?: AbortSignal): Promise<boolean> {
    if (perSecond <= 0) return true;
    const now = this.#clock.now();
    const at = Math.max(now, this.#nextAt);
    if (at - now > MAX_WAIT_MS) return false;
    this.#nextAt = at + 1000 / perSecond;
    if (at > now) await this.#clock.sleep(at - now, signal);
    return true;
  }
}
