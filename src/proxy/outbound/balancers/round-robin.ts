import type { Host } from '../host.ts';
import { type Balancer, isUsable, nextByCredit, weighAlike } from './balancer.ts';

const weightOf = (host: Host): number => host.weight;

/** Everybody's turn, by weight and evenly spread. */
export function roundRobin(hosts: readonly Host[]): Balancer {
  return weighAlike(hosts) ? new EqualTurns(hosts) : new WeightedTurns(hosts);
}

class WeightedTurns implements Balancer {
  readonly #hosts: readonly Host[];

  constructor(hosts: readonly Host[]) {
    this.#hosts = hosts;
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    return nextByCredit(this.#hosts, avoid, weightOf);
  }
}

/**
 * The turn is with the host that had its last one longest ago. When it was stays with the host, so that turns go on where they
 * were when hosts leave or join. A pick costs the same however many there are.
 */
class EqualTurns implements Balancer {
  /** A ring: who had a turn goes to the end. */
  readonly #queue: Host[];
  #head = 0;
  #turn: number;

  constructor(hosts: readonly Host[]) {
    letJoin(hosts);
    this.#queue = hosts.toSorted(byLastTurn);
    this.#turn = this.#queue.at(-1)?.lastTurn ?? 0;
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    const { length } = this.#queue;
    // Whoever is ejected goes to the end without a turn: it is not looked at again for each of the others.
    for (let i = 0; i < length && this.#queue[this.#head]!.ejected; i++) this.#head = this.#at(1);
    for (let i = 0; i < length; i++) {
      const host = this.#queue[this.#at(i)]!;
      if (!isUsable(host, avoid)) continue;
      this.#give(host, i);
      return host;
    }
    return undefined;
  }

  /** Those before it, which were avoided, stay the next ones. */
  #give(host: Host, place: number): void {
    for (let i = place; i > 0; i--) this.#queue[this.#at(i)] = this.#queue[this.#at(i - 1)]!;
    this.#queue[this.#head] = host;
    this.#head = this.#at(1);
    host.lastTurn = ++this.#turn;
  }

  /** Where the host is that has so many before it. */
  #at(place: number): number {
    const at = this.#head + place;
    return at < this.#queue.length ? at : at - this.#queue.length;
  }
}

const byLastTurn = (a: Host, b: Host): number => a.lastTurn - b.lastTurn;

/** In the middle: neither is the next request of all callers for one that has just come, nor has one that comes and goes more than its share. */
function letJoin(hosts: readonly Host[]): void {
  const known = hosts.filter(({ lastTurn }) => lastTurn > 0).sort(byLastTurn);
  const before = known[Math.floor(known.length / 2) - 1];
  if (before) for (const host of hosts) if (host.lastTurn === 0) host.lastTurn = before.lastTurn + 0.5;
}
