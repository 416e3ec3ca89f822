import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { parseHcl2 } from '../../../src/hcl/hcl2/parse.ts';
import { shippedFiles } from '../blueprints.ts';
import { mutantsOf } from '../mutants.ts';
import { loadProbes } from '../probes.ts';
import { structureOf } from './structure.ts';

/** HashiCorp's own HCL 2 with a converter to JSON, compiled to JavaScript. Says that it refuses, but not why. */
const original = createRequire(import.meta.url)('hcl2-parser') as { parseToObject(text: string): [unknown, unknown] };

/** What the converter, not the language, treats in its own way. */
const incomparable = (text: string): boolean => /\$\$|%|~|\ufeff/.test(text);

const texts = loadProbes().map((probe) => probe.src);

describe('HCL 2 beside the original', () => {
  it.each(shippedFiles('hcl2').map((file) => [file.name, file] as const))('reads %s alike', (_, file) => {
    const { body, diagnostics } = parseHcl2(file);
    expect(diagnostics).toEqual([]);
    expect(structureOf(body)).toEqual(original.parseToObject(file.text)[0]);
  });

  it('accepts and refuses the same among mutants', () => {
    const mutants = mutantsOf(texts, 600, 3).filter((text) => !incomparable(text));
    expect(mutants.length).toBeGreaterThan(300);
    const wrong: unknown[] = [];
    for (const text of mutants) {
      const [value] = original.parseToObject(text);
      const { diagnostics } = parseHcl2({ name: 'mutant', text });
      if (hasErrors(diagnostics) !== (value === null)) wrong.push({ text, said: diagnostics.map((d) => d.summary), original: value });
    }
    expect(wrong).toEqual([]);
  });
});
