// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, diagnosticToJson, hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { consulSyntaxError, decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { bodyToLocated, parseHcl2, referencesIn } from '../../src/hcl/hcl2/index.ts';
import { MAX_DIAGNOSTICS, MAX_NESTING } from '../../src/hcl/report.ts';
import { toJson } from '../../src/schema/located.ts';
import { mutantsOf } from './mutants.ts';
import { loadProbes } from './probes.ts';

const scope = { variables: new Map(), functions: new Map() };

/** Runs a text through everything that reads texts; only a bug makes it throw. */
function readBoth(text: string): void {
  const source = { name: 'any', text };
  const consul = decodeConsulText(source);
  consulSyntaxError(source);
  const { body, diagnostics } = parseHcl2(source);
  const { value, diagnostics: later } = bodyToLocated(body, scope);
  for (const attribute of body.attributes) referencesIn(attribute.value);
  toJson(value);
  toJson(consul.value);
  for (const diagnostic of [...consul.diagnostics, ...diagnostics, ...later]) check(diagnostic, text);
}

function check(diagnostic: Diagnostic, text: string): void {
  renderDiagnostic(diagnostic);
  diagnosticToJson(diagnostic);
  const { start, end } = diagnostic.subject!;
  if (!(start >= 0 && start <= end && end <= text.length))
    throw new Error(`${diagnostic.summary} points at ${start} to ${end} of ${text.length}`);
}

describe('any text', () => {
  it('is read without a crash: mutants', () => {
    const texts = [...loadProbes().map((probe) => probe.src), 'a = [for x in "${y[*].z}" : {b = f(x...)} if !c ? d : -1]\n'];
    for (const text of mutantsOf(texts, 500, 21)) readBoth(text);
  });

  it('is read without a crash: random', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      '${',
      '%{',
      '<<E\n',
      'E\n',
      '\n',
      '=',
      'a',
      ' ',
      'if',
      'for',
      'in',
      '.',
      '*',
      '1',
      '~',
      '\\',
      '/*',
      '\0',
      '\ud800',
    ];
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), readBoth), { numRuns: 500 });
  });

  it('is refused, not crashed on, when it nests too deep', () => {
    const deep = 50_000;
    const texts = [
      `a = ${'['.repeat(deep)}`,
      'a {\n'.repeat(deep),
      `a = ${'('.repeat(deep)}`,
      `a = ${'!'.repeat(deep)}`,
      `a = "${'${"'.repeat(deep)}`,
    ];
    texts.push(`a = ${'x ? y : '.repeat(deep)}`, `{"a":${'['.repeat(deep)}`, `a = ${'{a='.repeat(deep)}`, '%{if x}'.repeat(deep));
    for (const text of texts) {
      const source = { name: 'deep', text };
      expect(hasErrors(decodeConsulText(source).diagnostics), text.slice(0, 20)).toBe(true);
      expect(hasErrors(parseHcl2(source).diagnostics), text.slice(0, 20)).toBe(true);
    }
    const nested = `a = ${'['.repeat(MAX_NESTING - 5)}${']'.repeat(MAX_NESTING - 5)}\n`;
    expect(decodeConsulText({ name: 'ok', text: nested }).diagnostics).toEqual([]);
    expect(parseHcl2({ name: 'ok', text: nested }).diagnostics).toEqual([]);
  });

  it('with thousands of mistakes reports a limited number', () => {
    const text = 'a = }\n'.repeat(5000);
    expect(decodeConsulText({ name: 'many', text }).diagnostics).toHaveLength(MAX_DIAGNOSTICS + 1);
    expect(parseHcl2({ name: 'many', text }).diagnostics).toHaveLength(MAX_DIAGNOSTICS + 1);
  });

  it('keeps keys that JavaScript objects treat in their own way', () => {
    const text = '__proto__ = 1\nconstructor = 2\ntoString = 3\n';
    const keys = ['__proto__', 'constructor', 'toString'];
    expect(decodeConsulText({ name: 'keys', text }).value.entries.map((entry) => entry.key)).toEqual(keys);
    expect(parseHcl2({ name: 'keys', text }).body.attributes.map((attribute) => attribute.name)).toEqual(keys);
  });

  it('with repeated mistakes that search for an end takes no quadratic time', () => {
    // Each of these once read to the end of the file for every line; a regression would run into the test's own time limit.
    for (const line of [
      'a = <<E\n',
      'a = "${\n',
      'a = "x\n',
      '/* \n',
      'a = <<"E"\n',
      'a "b" {}\n',
      'a = [\n',
      'a = "%{ if x }\n',
      'a { \n',
      'a<\n',
      '<<\n',
    ]) {
      readBoth(line.repeat(20_000));
    }
    readBoth(Array.from({ length: 20_000 }, (_, i) => `a${i} "x" {}\n`).join(''));
  });
});
