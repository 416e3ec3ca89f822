import type { RetryBudget as RetryBudgetConfig } from '../../compile/proxy-config.ts';

/** Envoy's: keeps retries from becoming most of the load of a service that is down already. Counts live as long as the cluster. */
export class RetryBudget {
  #config: RetryBudgetConfig | undefined;
  readonly #active: () => number;
  #retries = 0;

  /** `active` is how many requests are under way, retries included. */
  constructor(config: RetryBudgetConfig | undefined, active: () => number) {
    this.#config = config;
    this.#active = active;
  }

  update(config: RetryBudgetConfig | undefined): void {
    this.#config = config;
  }

  /** One more would be within the budget. */
  get open(): boolean {
    if (!this.#config) return true;
    const { percent, minConcurrency } = this.#config;
    return this.#retries < Math.max(minConcurrency, Math.floor((this.#active() * percent) / 100));
  }

  /** Each retry that has begun must end. */
  began(): void {
    this.#retries++;
  }

  ended(): void {
    this.#retries--;
  }
}
