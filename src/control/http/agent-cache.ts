/** Queries that are remembered; the oldest are forgotten. */
const MOST = 10_000;

/**
 * What Consul's agent cache says of itself, for `?cached`. Every answer here comes from memory and is the newest there is, so
 * a hit is a query that was asked before, and its age is always 0.
 */
export class AgentCache {
  readonly #asked = new Set<string>();

  /** X-Cache and Age of the answer to a query. */
  headers(query: string): readonly string[] {
    const isHit = this.#asked.delete(query);
    this.#asked.add(query);
    if (this.#asked.size > MOST) this.#asked.delete(this.#asked.values().next().value!);
    return isHit ? ['X-Cache', 'HIT', 'Age', '0'] : ['X-Cache', 'MISS'];
  }
}
