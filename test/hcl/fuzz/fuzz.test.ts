import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { RULES } from './disagreements.ts';
import { fuzzTexts } from './texts.ts';

/** A sample of what `npm run fuzz:hcl` does. */
describe.each(['hcl1', 'hcl2'] as const)('%s beside the original', (dialect) => {
  it('reads mutants of our own files alike, or differs for a reason that is known', () => {
    const texts = fuzzTexts(dialect, 400, 7);
    expect(texts).toHaveLength(400);
    const comparisons = texts.map((text) => ({ text, ...compare(dialect, text) }));
    expect(comparisons.filter(({ result }) => result === undefined)).toEqual([]);
    // The rules explain the rare cases; they are no way around the comparison.
    expect(comparisons.filter(({ result }) => result === 'agreed').length).toBeGreaterThan(360);
    // Both kinds of text are there.
    for (const accepts of [true, false]) expect(comparisons.filter(({ ours }) => ours.accepts === accepts).length).toBeGreaterThan(80);
  });

  it.each(Object.entries(RULES).filter(([, rule]) => rule.dialect === dialect))('differs as %s says', (name, { example }) => {
    expect(compare(dialect, example).result).toBe(name);
  });
});

it('the rules are in the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/hcl.md'), 'utf8');
  for (const [name, { because }] of Object.entries(RULES)) expect(page).toContain(`| \`${name}\` | ${because} |`);
});
