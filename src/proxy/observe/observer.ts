import type { Refusal } from '../http/respond.ts';
import type { EndedExchange } from '../http/service.ts';
import { Histogram } from './histogram.ts';
import { Tally } from './tally.ts';
import { Traffic } from './traffic.ts';

/** What one listener has seen, beyond the plain numbers of its ListenerStats. Lives as long as the listener. */
export class Observer {
  readonly times = new Histogram();
  /** Refused requests by what kind of refusal it was: Envoy's response flag, or `-`. */
  readonly refusals = new Tally();
  /** Refused requests by the rule that decided, where one did. */
  readonly denials = new Tally();
  readonly #groups = new Map<string, Traffic>();

  /** The counters of a source, or of a split of a route: the same object for the same key. */
  group(key: string): Traffic {
    let group = this.#groups.get(key);
    if (!group) {
      group = new Traffic();
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Forgets the others: a split that is gone, and comes again, begins at 0. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#groups.keys()) if (!keys.has(key)) this.#groups.delete(key);
  }

  get groups(): ReadonlyMap<string, Traffic> {
    return this.#groups;
  }

  /** On the hot path. */
  ended(exchange: EndedExchange, group: Traffic | undefined): void {
    const ms = performance.now() - exchange.startedAt;
    this.times.observe(ms);
    group?.record(exchange, ms);
    exchange.reached?.stats.traffic.record(exchange, ms);
    if (exchange.refusal) this.refused(exchange.refusal);
  }

  refused({ flag, rule }: Refusal): void {
    this.refusals.add(flag ?? '-');
    if (rule !== undefined) this.denials.add(rule);
  }
}
