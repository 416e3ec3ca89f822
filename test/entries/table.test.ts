import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntry } from '../../src/entries/decode.ts';
import { entryToJson } from '../../src/entries/json.ts';
import type { EntryBase } from '../../src/entries/kind.ts';
import { allKindNames, ENTRY_KINDS, entryKind, isKnownKind, kindError } from '../../src/entries/table.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { fromJson } from '../../src/schema/located.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { written } from './written.ts';

/** As people write it: attributes in braces, in the spelling of Go; JSON's texts and numbers are HCL's. */
function hcl(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hcl).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `${/^[A-Za-z]\w*$/.test(key) ? key : JSON.stringify(key)} = ${hcl(inner)}`);
  return `{ ${fields.join('\n')} }`;
}

function decoded(json: unknown): EntryBase {
  const { entry, problems } = decodeEntry(fromJson(json));
  expect(problems).toEqual([]);
  return entry!;
}

describe.each(ENTRY_KINDS.map((row) => [row.kind, row] as const))('%s', (name, row) => {
  it('normalizes once and for all, and prints what it reads back', () => {
    fc.assert(
      fc.property(written(row.schema), (fields) => {
        const json = { ...(fields as object), Kind: name, Name: 'x' };
        const once = row.normalize(decoded(json));
        expect(row.normalize(once)).toEqual(once);
        const printed = JSON.stringify(entryToJson(once));
        expect(JSON.stringify(entryToJson(row.normalize(decoded(JSON.parse(printed)))))).toBe(printed);
      }),
    );
  });

  it('is the same in HCL and in JSON', () => {
    fc.assert(
      fc.property(written(row.schema), (fields) => {
        const json = { ...(fields as object), Kind: name, Name: 'x' };
        const text = Object.entries(json)
          .map(([key, value]) => `${key} = ${hcl(value)}\n`)
          .join('');
        const { value, diagnostics } = decodeConsulText({ name: 'x.hcl', text });
        const { entry, problems } = decodeEntry(value);
        expect([diagnostics, problems]).toEqual([[], []]);
        expect(entryToJson(row.normalize(entry!))).toEqual(entryToJson(row.normalize(decoded(json))));
      }),
      { numRuns: 40 },
    );
  });

  it('explains every field', () => {
    const undocumented = (schema: Schema): string[] => {
      if (schema.kind === 'list') return undocumented(schema.item);
      if (schema.kind !== 'object') return [];
      return Object.entries(schema.fields).flatMap(([key, field]) => (field.doc === '' ? [key] : undocumented(field.schema)));
    };
    expect(undocumented(row.schema)).toEqual([]);
  });
});

describe('kinds', () => {
  it('knows those that it takes, those that come later, and nothing else', () => {
    expect([isKnownKind('service-defaults'), isKnownKind('service-router'), isKnownKind('bogus')]).toEqual([true, true, false]);
    expect([kindError('service-defaults'), kindError('bogus')]).toEqual([undefined, 'invalid config entry kind: bogus']);
    expect(new Set(allKindNames()).size).toBe(allKindNames().length);
    expect(entryKind('toString')).toBeUndefined();
  });
});
