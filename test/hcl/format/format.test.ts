import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { formatHcl } from '../../../src/hcl/format/format.ts';
import { tokensOfHcl1, tokensOfHcl2 } from '../../../src/hcl/format/tokens.ts';
import { decodeHcl1, isJsonText } from '../../../src/hcl/hcl1/index.ts';
import { bodyToLocated, parseHcl2 } from '../../../src/hcl/hcl2/index.ts';
import { toJson } from '../../../src/schema/located.ts';
import { mutantsOf } from '../mutants.ts';

/** `<name>.in.hcl` and its canonical form, `<name>.out.hcl`. `UPDATE_GOLDEN=1` writes it: read the difference before committing it. */
const folder = join(import.meta.dirname, '../../golden/format');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.in.hcl'))
  .map((file) => file.slice(0, -'.in.hcl'.length));

const root = resolve(import.meta.dirname, '../../..');
/** Every HCL file of the repository, the wrong ones too. */
const files = ['blueprints', 'test'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:hcl|vars|yard|nomad)$/.test(file))
    .map((file) => join(top, file)),
);

const format = (text: string): string | undefined => formatHcl({ name: 'a.hcl', text }).text;
const errorsOf = {
  hcl1: (text: string) => decodeHcl1({ name: '', text }).diagnostics,
  hcl2: (text: string) => parseHcl2({ name: '', text }).diagnostics,
};

/** Says what formatting has done that it must not do; undefined if all is well, or if nobody can read the text. */
function harm(text: string): string | undefined {
  const result = format(text);
  if (result === undefined) return undefined;
  if (format(result) !== result) return 'a second time changes more';
  if (isJsonText(text)) return result === text ? undefined : 'JSON is changed';
  const comments = (one: string) =>
    tokensOfHcl2(one, 'whole').flatMap(({ kind, text: said }) => (kind === 'comment' || kind === 'inline' ? [said] : []));
  const comments1 = (one: string) =>
    tokensOfHcl1(one).flatMap(({ kind, text: said }) => (kind === 'comment' || kind === 'inline' ? [said] : []));
  if (!hasErrors(errorsOf.hcl2(text))) {
    if (hasErrors(errorsOf.hcl2(result))) return 'HCL 2 can not read it any more';
    if (comments(text).join('\n') !== comments(result).join('\n')) return 'comments are gone';
    if (valueOf2(text) !== valueOf2(result)) return 'it means something else in HCL 2';
  }
  if (!hasErrors(errorsOf.hcl1(text))) {
    if (comments1(text).join('\n') !== comments1(result).join('\n')) return 'comments of HCL 1 are gone';
    const [before, after] = [text, result].map((one) => JSON.stringify(toJson(decodeHcl1({ name: '', text: one }).value)));
    if (before !== after) return 'it means something else in HCL 1';
  }
  const lines = result.split('\n');
  if (result !== '' && lines.at(-1) !== '') return 'no line break at the end';
  return result.endsWith('\n\n') ? 'blank lines at the end' : undefined;
}

/** What it means: values that can be computed, and the summaries of the problems of the others. */
function valueOf2(text: string): string {
  const { value, diagnostics } = bodyToLocated(parseHcl2({ name: '', text }).body, { variables: new Map(), functions: new Map() });
  return JSON.stringify([toJson(value), diagnostics.map(({ summary }) => summary)]);
}

describe('the canonical form', () => {
  it.each(cases)('of %s', (name) => {
    const text = readFileSync(join(folder, `${name}.in.hcl`), 'utf8');
    const path = join(folder, `${name}.out.hcl`);
    const actual = format(text)!;
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, actual);
    expect(existsSync(path), `${path} is missing; write it with UPDATE_GOLDEN=1`).toBe(true);
    expect(actual).toBe(readFileSync(path, 'utf8'));
    expect(harm(text)).toBeUndefined();
  });

  it('is what shipped blueprints are in', () => {
    for (const file of files.filter((one) => one.startsWith('blueprints/'))) {
      const text = readFileSync(join(root, file), 'utf8');
      expect([file, format(text)]).toEqual([file, text]);
    }
  });

  it('is none of what can not be read: the dialect with fewer problems says why', () => {
    expect(formatHcl({ name: 'a.hcl', text: 'a = = 1\nb = f(x)\n' }).diagnostics).toMatchObject([{ summary: "one '=' is enough" }]);
    expect(formatHcl({ name: 'a.hcl', text: 'Kind = "x",\nName = y,\nMeta = {},\n' }).diagnostics).toHaveLength(1);
  });
});

describe('formatting does no harm', () => {
  it.each(files)('to %s', (file) => {
    expect(harm(readFileSync(join(root, file), 'utf8'))).toBeUndefined();
  });

  it('to texts that are a few edits away from them', () => {
    const texts = files.map((file) => readFileSync(join(root, file), 'utf8')).filter((text) => text.length < 1500);
    let formatted = 0;
    for (const text of mutantsOf(texts, 600, 7)) {
      if (format(text) !== undefined) formatted++;
      const found = harm(text);
      if (found) expect([found, text]).toEqual([undefined, text]);
    }
    expect(formatted).toBeGreaterThan(100);
  });
});
