import { describe, expect, it } from 'vitest';
import { consulSyntaxError, decodeHcl1 } from '../../../src/hcl/hcl1/index.ts';
import { toJson } from '../../../src/schema/located.ts';
import { shippedFiles } from '../blueprints.ts';
import { originalHcl1 } from '../fuzz/originals.ts';
import { mutantsOf } from '../mutants.ts';
import { loadProbes } from '../probes.ts';

const errorOf = (text: string): string | undefined => {
  const said = originalHcl1(text);
  return said.accepts ? undefined : said.error;
};

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
    expect({ accepts: true, value: toJson(value) }).toEqual(originalHcl1(file.text));
  });

  it('says what Consul says about files that end too early', () => {
    const file =
      'Kind = "service-router"\nRoutes = [\n  { Match { HTTP { PathPrefix = "/" } } Weights = [1, 2] },\n]\nMeta { note = <<EOT\ntext\nEOT\n}\n';
    const wrong: unknown[] = [];
    for (let end = 0; end < file.length; end++) {
      const text = file.slice(0, end);
      if (incomparable(text)) continue;
      const said = consulSyntaxError({ name: 'cut', text });
      if (said !== errorOf(text)) wrong.push({ text, said, wanted: errorOf(text) });
    }
    expect(wrong).toEqual([]);
  });

  it('says what Consul says about almost all mutants', () => {
    const syntax = /^At \d+:\d+: (?!root|unknown)/;
    const refused = mutantsOf(texts, 1500, 11).filter((text) => !incomparable(text) && syntax.test(errorOf(text) ?? ''));
    const same = refused.filter((text) => consulSyntaxError({ name: 'mutant', text }) === errorOf(text));
    expect(refused.length).toBeGreaterThan(400);
    // The rest are escapes and numbers cut off by the end of the file, whose column the original counts in its own way.
    expect(same.length / refused.length).toBeGreaterThan(0.98);
  });
});
