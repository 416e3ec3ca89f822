import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { consulSyntaxError, decodeHcl1 } from '../../../src/hcl/hcl1/index.ts';
import { toJson } from '../../../src/schema/located.ts';
import { shippedFiles } from '../blueprints.ts';
import { mutantsOf } from '../mutants.ts';
import { loadProbes } from '../probes.ts';

/** HashiCorp's own HCL 1, compiled to JavaScript. On error it returns the text of the error in place of JSON. */
const original = createRequire(import.meta.url)('js-hcl-parser') as { parse(text: string): string };

interface Verdict {
  readonly value?: unknown;
  readonly error?: string;
}

function originally(text: string): Verdict {
  const said = original.parse(text);
  return said.startsWith('{') ? { value: JSON.parse(said) } : { error: said.replace(/^unable to parse (?:JSON|HCL): /, '').trim() };
}

/** Where the readers differ on purpose (see probes.test.ts), and numbers that the compiled original can't hold. */
const incomparable = (text: string): boolean =>
  /^\s*\{|\ufeff|\d{10}|<<-?["' ]/.test(text) ||
  /=(?:\s|#.*|\/\/.*|\/\*[\s\S]*?\*\/)*$/.test(text) ||
  /[\d.][eE](?![-+]?\d)|\.\d+[eE]/.test(text);

const texts = loadProbes().map((probe) => probe.src);

describe('HCL 1 beside the original', () => {
  it.each(shippedFiles('hcl1').map((file) => [file.name, file] as const))('reads %s alike', (_, file) => {
    const { value, diagnostics } = decodeHcl1(file);
    expect(diagnostics).toEqual([]);
    expect({ value: toJson(value) }).toEqual(originally(file.text));
  });

  it('accepts, refuses and decodes the same among mutants', () => {
    const mutants = mutantsOf(texts, 1500, 7).filter((text) => !incomparable(text));
    expect(mutants.length).toBeGreaterThan(1000);
    const wrong: unknown[] = [];
    for (const text of mutants) {
      const wanted = originally(text);
      const { value, diagnostics } = decodeHcl1({ name: 'mutant', text });
      const got = hasErrors(diagnostics) ? 'refused' : JSON.stringify(sorted(toJson(value)));
      if (got !== (wanted.error === undefined ? JSON.stringify(sorted(wanted.value)) : 'refused')) wrong.push({ text, got, wanted });
    }
    expect(wrong).toEqual([]);
  });

  it('says what Consul says about files that end too early', () => {
    const file =
      'Kind = "service-router"\nRoutes = [\n  { Match { HTTP { PathPrefix = "/" } } Weights = [1, 2] },\n]\nMeta { note = <<EOT\ntext\nEOT\n}\n';
    const wrong: unknown[] = [];
    for (let end = 0; end < file.length; end++) {
      const text = file.slice(0, end);
      if (incomparable(text)) continue;
      const said = consulSyntaxError({ name: 'cut', text });
      if (said !== originally(text).error) wrong.push({ text, said, wanted: originally(text).error });
    }
    expect(wrong).toEqual([]);
  });

  it('says what Consul says about almost all mutants', () => {
    const syntax = /^At \d+:\d+: (?!root|unknown)/;
    const refused = mutantsOf(texts, 1500, 11).filter((text) => !incomparable(text) && syntax.test(originally(text).error ?? ''));
    const same = refused.filter((text) => consulSyntaxError({ name: 'mutant', text }) === originally(text).error);
    expect(refused.length).toBeGreaterThan(400);
    // The rest are escapes and numbers cut off by the end of the file, whose column the original counts in its own way.
    expect(same.length / refused.length).toBeGreaterThan(0.98);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
