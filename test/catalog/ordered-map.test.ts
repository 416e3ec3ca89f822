import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedMap } from '../../src/catalog/ordered-map.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u0000', 'z'), maxLength: 4 });
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.nat(9) }),
  fc.record({ do: fc.constant('delete' as const), key, value: fc.constant(0) }),
);
const byKey = (a: readonly [string, number], b: readonly [string, number]): number => (a[0] < b[0] ? -1 : 1);

describe('OrderedMap', () => {
  it('does what a sorted plain map does, and leaves every older version as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), key, (steps, prefix) => {
        const model = new Map<string, number>();
        let map = OrderedMap.empty<number>();
        const versions: [OrderedMap<number>, (readonly [string, number])[]][] = [];
        for (const { do: what, key, value } of steps) {
          if (what === 'set') model.set(key, value);
          else model.delete(key);
          map = what === 'set' ? map.set(key, value) : map.delete(key);
          versions.push([map, [...model].sort(byKey)]);
        }
        for (const [version, expected] of versions) {
          expect([...version]).toEqual(expected);
          expect(version.size).toBe(expected.length);
          expect([...version.withPrefix(prefix)]).toEqual(expected.filter(([key]) => key.startsWith(prefix)));
          expect(version.valuesWithPrefix(prefix)).toEqual(expected.filter(([key]) => key.startsWith(prefix)).map(([, value]) => value));
          for (const [key, value] of expected) expect(version.get(key)).toBe(value);
          expect(version.has('absent!')).toBe(false);
        }
      }),
    );
  });

  it('tells what differs between any two of its versions', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), fc.nat(60), (steps, from, to) => {
        const versions = [OrderedMap.empty<number>()];
        for (const { do: what, key, value } of steps) {
          const last = versions.at(-1)!;
          versions.push(what === 'set' ? last.set(key, value) : last.delete(key));
        }
        const [before, after] = [versions[from % versions.length]!, versions[to % versions.length]!];
        const keys = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => (a < b ? -1 : 1));
        const expected = keys
          .map((key) => ({ key, before: before.get(key), after: after.get(key) }))
          .filter((difference) => difference.before !== difference.after);
        expect(after.changesSince(before)).toEqual(expected);
      }),
    );
  });

  it('looks at few of its keys to tell what one update has changed', () => {
    let comparisons = 0;
    const keys = Array.from({ length: 5000 }, (_, i) => {
      const text = String(i).padStart(5, '0');
      const counting = { toString: () => [text, comparisons++][0] };
      return counting as unknown as string;
    });
    const before = OrderedMap.from(keys.map((key, i) => [key, i]));
    for (const i of [0, 1234, 4999]) {
      const after = before.delete(keys[i]!);
      comparisons = 0;
      expect(after.changesSince(before)).toHaveLength(1);
      expect(comparisons).toBeLessThan(100);
    }
  });

  it('is itself after an update that changes nothing', () => {
    const map = OrderedMap.from([['a', 1]]);
    expect(map.set('a', 1)).toBe(map);
    expect(map.delete('b')).toBe(map);
  });

  it('stays shallow when keys come in order', () => {
    const map = OrderedMap.from(Array.from({ length: 5000 }, (_, i) => [String(i).padStart(5, '0'), i] as const));
    let comparisons = 0;
    // Compared by `<`, which asks it for a string each time.
    const counting = {
      toString() {
        comparisons++;
        return '02500';
      },
    };
    map.get(counting as unknown as string);
    expect(comparisons).toBeGreaterThan(5);
    expect(comparisons).toBeLessThan(40);
  });
});
