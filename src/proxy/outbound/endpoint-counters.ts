import type { Endpoint } from '../../compile/proxy-config.ts';
import { EndpointStats } from '../observe/endpoint-stats.ts';
import { describeAddress } from '../socket/dial.ts';

/** The counters of a cluster's endpoints. They live as long as their endpoint is in the configuration. */
export class EndpointCounters {
  readonly #stats = new Map<string, EndpointStats>();

  of(endpoint: Endpoint): EndpointStats {
    let stats = this.#stats.get(endpoint.id);
    if (!stats) {
      stats = new EndpointStats(describeAddress(endpoint));
      this.#stats.set(endpoint.id, stats);
    }
    return stats;
  }

  retain(endpoints: readonly Endpoint[]): void {
    const kept = new Set(endpoints.map(({ id }) => id));
    for (const id of this.#stats.keys()) if (!kept.has(id)) this.#stats.delete(id);
  }

  all(): IterableIterator<EndpointStats> {
    return this.#stats.values();
  }
}
