import { hash32 } from '../../../matching/hash.ts';
import type { Host } from '../host.ts';
import { type Balancer, isUsable } from './balancer.ts';
import { hostKey } from './ring-hash.ts';

/** Envoy's: a prime, so that every way of stepping through the table visits all of it. */
const TABLE_SIZE = 65_537;
const EMPTY = 0xffff;

/**
 * Google's Maglev: a table in which every host has its share of slots, each at the places that it likes best of those still
 * free. More even than a ring and one look-up for a request; when hosts come or go a few other keys move too. The table is
 * 128 KiB, made with the first request.
 */
export class Maglev implements Balancer {
  readonly #hosts: readonly Host[];
  #table: Uint16Array | undefined;

  constructor(hosts: readonly Host[]) {
    this.#hosts = hosts;
  }

  pick(hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    if (this.#hosts.length === 0) return undefined;
    this.#table ??= makeTable(this.#hosts);
    let at = hash % TABLE_SIZE;
    // Slots of one host are scattered: those that are stepped over are few unless hardly anybody is left.
    for (let i = 0; i < TABLE_SIZE; i++) {
      const host = this.#hosts[this.#table[at]!]!;
      if (isUsable(host, avoid)) return host;
      at = next(at, 1);
    }
    return undefined;
  }
}

interface Candidate {
  readonly index: number;
  readonly weight: number;
  readonly skip: number;
  /** Its next favourite slot. */
  at: number;
  /** It takes a slot in a round when its weight times the round has come this far. */
  due: number;
}

function makeTable(hosts: readonly Host[]): Uint16Array {
  const heaviest = hosts.reduce((most, host) => Math.max(most, host.weight), 1);
  const candidates = inOwnOrder(hosts).map(({ host, index }): Candidate => {
    const key = hostKey(host);
    return { index, weight: host.weight, skip: (hash32(key, 1) % (TABLE_SIZE - 1)) + 1, at: hash32(key) % TABLE_SIZE, due: 0 };
  });
  const table = new Uint16Array(TABLE_SIZE).fill(EMPTY);
  let filled = 0;
  for (let round = 1; filled < TABLE_SIZE; round++) {
    for (const candidate of candidates) {
      if (round * candidate.weight < candidate.due) continue;
      candidate.due += heaviest;
      let { at } = candidate;
      while (table[at] !== EMPTY) at = next(at, candidate.skip);
      table[at] = candidate.index;
      candidate.at = at;
      filled++;
      if (filled === TABLE_SIZE) break;
    }
  }
  return table;
}

/** A remainder would cost more than the rest of the loop. */
function next(at: number, skip: number): number {
  const to = at + skip;
  return to < TABLE_SIZE ? to : to - TABLE_SIZE;
}

/** By address, not as they happen to be listed: all callers make the same table. */
function inOwnOrder(hosts: readonly Host[]): { readonly host: Host; readonly index: number }[] {
  const entries = hosts.map((host, index) => ({ host, index, key: hostKey(host) }));
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}
