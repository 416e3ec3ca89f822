import { type Range, rangeOf, type Source } from '../../base/source.ts';
import type { Located, LocatedEntry, LocatedMap } from '../../schema/located.ts';
import type { Reporter, Span } from '../report.ts';
import type { Key, Node, ObjectNode } from './ast.ts';

/**
 * What HCL 1.0.0 makes of a file that is decoded into a plain map, which is how Consul reads every entry, service and agent
 * file: a block or object is a list of one map, except directly inside a list; labels nest; what is given again appends to
 * the list; of a repeated scalar the last one wins.
 */
export function decodeObject(node: ObjectNode, reporter: Reporter): LocatedMap {
  return new Decoder(reporter).map(node.items, node);
}

/** An item whose first keys are taken off by the levels above. */
interface Rest {
  readonly keys: readonly Key[];
  readonly value: Node;
  readonly assigned: boolean;
}

class Decoder {
  readonly #reporter: Reporter;
  readonly #source: Source;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#source = reporter.source;
  }

  map(items: readonly Rest[], span: Span): LocatedMap {
    const entries = new Map<string, LocatedEntry>();
    const groups = new Map<string, Located | undefined>();
    let byName: Map<string, Rest[]> | undefined;
    for (const item of items) {
      const key = item.keys[0]!;
      const known = entries.get(key.name);
      if (item.keys.length > 1) {
        // All items of this name are taken together, whatever their case, the first time it is met.
        if (groups.has(key.name)) continue;
        const folded = key.name.toLowerCase();
        byName ??= groupByName(items);
        const group = groups.has(folded) ? groups.get(folded) : this.#labelled(byName.get(folded)!, key);
        groups.set(folded, group).set(key.name, group);
        if (group) this.#put(entries, known, key, group, true);
      } else if (!groups.has(key.name)) {
        this.#put(entries, known, key, this.#value(item.value), !item.assigned);
      }
    }
    return { type: 'map', entries: [...entries.values()], range: this.#range(span) };
  }

  /** `service "web" { … }` twice becomes a list of two maps, each with the key `web`. */
  #labelled(items: readonly Rest[], first: Key): Located | undefined {
    const maps: Located[] = [];
    let end = first.end;
    for (const item of items) {
      const [key, ...rest] = item.keys;
      end = item.value.end;
      if (rest.length > 0) maps.push(this.map([{ ...item, keys: rest }], { start: rest[0]!.start, end: item.value.end }));
      else {
        this.#reporter.error(key!, `${key!.name} is given both with and without a label`, {
          hint: 'give all of them a label, or none',
          related: { span: first, message: 'with a label here' },
        });
        return undefined;
      }
    }
    return { type: 'list', items: maps, range: this.#range({ start: first.start, end }) };
  }

  #value(node: Node): Located {
    if (node.kind === 'literal') return node.value;
    if (node.kind === 'object') return { type: 'list', items: [this.map(node.items, node)], range: this.#range(node) };
    return { type: 'list', items: node.items.map((item) => this.#item(item)), range: this.#range(node) };
  }

  #item(node: Node): Located {
    return node.kind === 'object' ? this.map(node.items, node) : this.#value(node);
  }

  #put(entries: Map<string, LocatedEntry>, known: LocatedEntry | undefined, key: Key, value: Located, block: boolean): void {
    const keyRange = this.#range(key);
    if (!known) {
      entries.set(key.name, { key: key.name, keyRange, value, ...(block ? { block } : {}) });
      return;
    }
    const merged = this.#again(known, key, value);
    if (merged) entries.set(key.name, { ...known, value: merged });
  }

  /** The value of a key that is given a second time. */
  #again(known: LocatedEntry, key: Key, value: Located): Located | undefined {
    const earlier = known.value;
    const related = known.keyRange ? { span: known.keyRange, message: 'first given here' } : undefined;
    if (earlier.type === 'list' && value.type === 'list') {
      const blocks = earlier.items[0]?.type === 'map' && known.block;
      if (!blocks || value.items.every((item) => item.type === 'map')) {
        // In place: copying the list for each of ten thousand repeats would take seconds. The list was made by #value.
        const items = earlier.items as Located[];
        for (const item of value.items) items.push(item);
        return earlier;
      }
    }
    const converted = earlier.type === 'list' ? undefined : convertLike(earlier, value);
    if (converted) {
      this.#reporter.warning(key, `${key.name} is given twice; Consul takes the last one`, {
        hint: 'one file holds one config entry',
        related,
      });
      return converted;
    }
    this.#reporter.error(key, `${key.name} is given twice, as ${kindOf(earlier)} and as ${kindOf(value)}`, { related });
    return undefined;
  }

  #range(span: Span): Range {
    return rangeOf(this.#source, span.start, span.end);
  }
}

function groupByName(items: readonly Rest[]): Map<string, Rest[]> {
  const groups = new Map<string, Rest[]>();
  for (const item of items) {
    const folded = item.keys[0]!.name.toLowerCase();
    const group = groups.get(folded);
    if (group) group.push(item);
    else groups.set(folded, [item]);
  }
  return groups;
}

/** HCL 1 decodes a repeated scalar into the type of the first one, or fails. */
function convertLike(earlier: Located, value: Located): Located | undefined {
  const isFloat = (number: Located): boolean => number.type === 'number' && /^[^xX]*[.eE]/.test(number.raw ?? '');
  if (earlier.type === 'number' && value.type === 'number') {
    // A float reads the text of a later integer as decimal, whatever its leading 0 says; an integer takes no float.
    if (isFloat(earlier)) return { ...value, value: Number(value.raw) };
    return isFloat(value) ? undefined : value;
  }
  if (earlier.type === value.type) return value;
  if (earlier.type === 'string' && value.type === 'number') {
    return { type: 'string', value: value.raw ?? String(value.value), ...(value.range ? { range: value.range } : {}) };
  }
  if (earlier.type === 'number' && value.type === 'string' && /^-?\d+$/.test(value.value)) {
    return { type: 'number', value: Number(value.value), raw: value.value, ...(value.range ? { range: value.range } : {}) };
  }
  return undefined;
}

const kindOf = (value: Located): string => (value.type === 'list' ? 'a block or list' : `a ${value.type}`);
