import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryText, readEntryText } from '../../../src/control/http/config-text.ts';
import { decodeEntry } from '../../../src/entries/decode.ts';
import { entryToJson } from '../../../src/entries/json.ts';
import { ENTRY_KINDS, entryKind } from '../../../src/entries/table.ts';
import { decodeConsulText, isJsonText } from '../../../src/hcl/hcl1/index.ts';
import { fromJson } from '../../../src/schema/located.ts';
import { written } from '../../entries/written.ts';

const normal = (json: object) => {
  const { entry } = decodeEntry(fromJson(json));
  return entryKind(entry!.Kind)!.normalize(entry!);
};

describe('entryText', () => {
  it.each(ENTRY_KINDS.map((row) => [row.kind, row] as const))('%s reads back as the same entry', (kind, row) => {
    fc.assert(
      fc.property(written(row.schema), (fields) => {
        const entry = normal({ ...(fields as object), Kind: kind, Name: 'x' });
        const text = entryText({ ...entry, CreateIndex: 4, ModifyIndex: 5 });
        expect(isJsonText(text)).toBe(false);
        const back = decodeEntry(decodeConsulText({ name: 'x', text }).value).entry!;
        expect(entryToJson(row.normalize(back))).toEqual(entryToJson(entry));
      }),
      { numRuns: 50 },
    );
  });

  it('leaves out what is computed, and what is there by default', () => {
    const entry = normal({ Kind: 'service-intentions', Name: 'payments', Sources: [{ Name: 'web', Action: 'deny' }] });
    expect(entryText(entry)).toBe(`Kind = "service-intentions"
Name = "payments"
Sources = [
  {
    Name   = "web"
    Action = "deny"
  },
]
`);
  });

  it('writes JSON where HCL has no way to say it', () => {
    const entry = normal({ Kind: 'proxy-defaults', Name: 'global', Config: { x: null } });
    expect(JSON.parse(entryText(entry))).toMatchObject({ Kind: 'proxy-defaults', Config: { x: null } });
  });
});

describe('readEntryText', () => {
  const read = (text: string) => {
    const { kind, name, entry, diagnostics } = readEntryText({ name: 'entry', text });
    return { kind, name, valid: entry !== undefined, said: diagnostics.map(({ summary, hint }) => `${summary} (${hint})`) };
  };

  it('says what is wrong, and who it is as far as that can be read', () => {
    expect(read('Kind = "service-defaults"\nName = "web"\nProtocol = "http"\n')).toEqual({
      kind: 'service-defaults',
      name: 'web',
      valid: true,
      said: [],
    });
    expect(read('Kind = "service-default"\n')).toMatchObject({ kind: '', valid: false, said: [expect.stringContaining('did you mean')] });
    expect(read('Kind = "service-defaults"\nName = "web"\nProtocl = "http"\n')).toMatchObject({
      valid: false,
      said: ['invalid config key "Protocl" (did you mean "Protocol"?)'],
    });
    expect(read('Kind = "service-defaults"\nName = "web\n')).toMatchObject({
      valid: false,
      said: [expect.stringContaining('this string is never closed')],
    });
  });
});
