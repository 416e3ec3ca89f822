import { describe, expect, it } from 'vitest';
import { readEntryText } from '../../../src/control/http/config-text.ts';
import { TEMPLATES } from '../../../src/dashboard/pages/config/templates.ts';
import { allKindNames } from '../../../src/entries/table.ts';
import { formatHcl } from '../../../src/hcl/format/format.ts';

/** Kinds that can be written and have no template: why. */
const WITHOUT: Readonly<Record<string, string>> = {
  'inline-certificate': 'it is a certificate with its key, which nobody types',
  'sameness-group': 'of Consul Enterprise',
};

describe('templates', () => {
  it('are there for every kind', () => {
    expect([...Object.keys(TEMPLATES), ...Object.keys(WITHOUT)].toSorted()).toEqual(allKindNames().toSorted());
  });

  it.each(Object.entries(TEMPLATES))('%s is valid as it is, and laid out as mesh fmt does', (kind, text) => {
    const read = readEntryText({ name: kind, text });
    expect(read).toMatchObject({ kind, diagnostics: [] });
    expect(formatHcl({ name: kind, text }).text).toBe(text);
  });
});
