import { describe, expect, it } from 'vitest';
import { describeRange, type Range } from '../../../src/base/source.ts';
import { decodeConsulText, decodeHcl1 } from '../../../src/hcl/hcl1/index.ts';
import { type LocatedMap, toJson } from '../../../src/schema/located.ts';

const read = (text: string) => decodeHcl1({ name: 'x.hcl', text });
const place = (range: Range | undefined) => range && describeRange(range);

describe('decodeHcl1', () => {
  it('gives keys and values their places', () => {
    const { value } = read('Kind = "service-resolver"\nSubsets "v1" {\n  Filter = "x"\n}\n');
    const [kind, subsets] = value.entries;
    expect([place(kind!.keyRange), place(kind!.value.range), kind!.block]).toEqual(['x.hcl:1:1', 'x.hcl:1:8', undefined]);
    expect([place(subsets!.keyRange), subsets!.block]).toEqual(['x.hcl:2:1', true]);
    const labelled = subsets!.value.type === 'list' ? (subsets!.value.items[0] as LocatedMap) : undefined;
    expect([labelled?.entries[0]?.key, place(labelled?.entries[0]?.keyRange)]).toEqual(['v1', 'x.hcl:2:9']);
  });

  it('keeps integers that a double would change', () => {
    const { value } = read('a = 9007199254740993\nb = 0x10\nc = 1.50');
    expect(value.entries.map((entry) => entry.value)).toMatchObject([
      { value: 9007199254740993n },
      { value: 16, raw: '0x10' },
      { value: 1.5, raw: '1.50' },
    ]);
  });

  it('collects the labels of one name, whatever their case', () => {
    const { value, diagnostics } = read('service "a" { x = 1 }\nSERVICE "b" { x = 2 }\n');
    expect(diagnostics).toEqual([]);
    const both = [{ a: [{ x: 1 }] }, { b: [{ x: 2 }] }];
    expect(toJson(value)).toEqual({ service: both, SERVICE: both });
  });

  it('goes on after a mistake', () => {
    const { value, diagnostics } = read('a = v1\nb = [1, , x, 2]\nc { d = }\ne = "fine"\n');
    expect(diagnostics.map((d) => place(d.subject))).toEqual(['x.hcl:1:5', 'x.hcl:2:11', 'x.hcl:3:8']);
    expect(toJson(value)).toEqual({ b: [1, 2], c: [{}], e: 'fine' });
  });
});

describe('decodeConsulText', () => {
  it('takes a text that starts with { for JSON, without lists around objects', () => {
    const { value, diagnostics } = decodeConsulText({ name: 'x.hcl', text: '\n {"Kind": "x", "Meta": {"a": "b"}}' });
    expect(diagnostics).toEqual([]);
    expect(toJson(value)).toEqual({ Kind: 'x', Meta: { a: 'b' } });
  });
});
