import { describe, expect, it } from 'vitest';
import type { Range } from '../../src/base/source.ts';
import { parseYaml } from '../../src/kube/yaml.ts';
import type { LocatedMap } from '../../src/schema/located.ts';
import { keyRangeAt, type Place, pathTo, rangeAt, rangeInside, under, valueAt } from '../../src/schema/place.ts';

const text = 'a:\n  b: [x, "y, z"]\n  c/d: one,two\n  f: >-\n    folded\n    text\n';
const root: Place = { root: parseYaml({ name: 'x.yml', text }).documents[0]!.value as LocatedMap, path: [] };
const shown = (range: Range | undefined) => range && text.slice(range.start, range.end);

describe('places', () => {
  it('finds values, keys, and what is around a missing one', () => {
    expect(shown(rangeAt(under(root, 'a', 'b', 0)))).toBe('x');
    expect(shown(keyRangeAt(under(root, 'a', 'c/d')))).toBe('c/d');
    expect(shown(rangeAt(under(root, 'a', 'b', 7, 'none')))).toBe('[x, "y, z"]');
    expect(shown(keyRangeAt(under(root, 'a', 'b', 1)))).toBe('"y, z"');
    expect(valueAt(under(root, 'a', 'none'))).toBeUndefined();
    expect(valueAt(under(root, 'a', 0))).toBeUndefined();
  });

  it('points into a string as long as the text is written as it is', () => {
    expect(shown(rangeInside(under(root, 'a', 'b', 1), 3, 4))).toBe('z');
    expect(shown(rangeInside(under(root, 'a', 'c/d'), 4, 7))).toBe('two');
    expect(shown(rangeInside(under(root, 'a', 'f'), 7, 11))).toContain('folded');
  });

  it('writes paths as Kubernetes does', () => {
    expect(pathTo(under(root, 'spec', 'containers', 0, 'image'))).toBe('spec.containers[0].image');
    expect(pathTo(under(root, 'metadata', 'annotations', 'a.b/c'))).toBe('metadata.annotations[a.b/c]');
  });
});
