import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../src/base/source.ts';
import { MAX_ALIASED_NODES, parseYaml } from '../../src/kube/yaml.ts';
import { type Located, toJson } from '../../src/schema/located.ts';

const parse = (text: string) => parseYaml({ name: 'test.yml', text });
const json = (text: string) => parse(text).documents.map((document) => JSON.parse(JSON.stringify(toJson(document.value))) as unknown);
const summaries = (text: string) => parse(text).diagnostics.map((diagnostic) => diagnostic.summary);

describe('the YAML of Kubernetes', () => {
  it('reads several documents and leaves empty ones out', () => {
    expect(json('---\n# nothing\n---\na: 1\n...\n---\nb: 2\n---\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(parse('')).toEqual({ documents: [], diagnostics: [] });
  });

  it.each([
    ['mode: 0644', { mode: 420 }],
    ['on: yes', { on: true }],
    ['a: ON', { a: true }],
    ['a: "yes"', { a: 'yes' }],
    ['day: 2020-01-01', { day: '2020-01-01' }],
    ['time: 12:30:45', { time: '12:30:45' }],
    ['a: ~', { a: null }],
    ['a: 1_000', { a: 1000 }],
    ['{"a": [1, "b", null, true]}', { a: [1, 'b', null, true] }],
    ['1: a', { 1: 'a' }],
    ['"<<": a', { '<<': 'a' }],
    ['__proto__: {a: 1}\nconstructor: b', JSON.parse('{"__proto__": {"a": 1}, "constructor": "b"}')],
    ['\uFEFFa: b\r\nc: |\r\n  d\r\n  e\r\n', { a: 'b', c: 'd\ne\n' }],
  ])('reads %j', (text, expected) => {
    expect(summaries(text)).toEqual([]);
    expect(json(text)).toEqual([expected]);
  });

  it('merges maps: own keys win wherever they stand, then the earlier map', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\nd: {<<: *a, x: 4}\n';
    expect(json(text)[0]).toMatchObject({ c: { x: 1, y: 1, z: 3 }, d: { x: 4, y: 1 } });
  });

  it('lets an anchor be given again, and keeps it within its document', () => {
    expect(json('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual([{ a: 1, b: 1, c: 2, d: 2 }]);
    expect(summaries('a: &anchor 1\nb: *anchr\n---\na: *anchor\n')).toEqual(['there is no anchor &anchr', 'there is no anchor &anchor']);
  });

  it('gives the place of every value and key', () => {
    const text = 'a:\n  - b: "héllo"\n    c: &x [1, 2]\n';
    const found: string[] = [];
    const source = { name: 'test.yml', text };
    const visit = (value: Located): void => {
      const { line, column } = positionOf(source, value.range!.start);
      if (value.type === 'map') {
        for (const entry of value.entries) {
          found.push(`${entry.key}@${text.slice(entry.keyRange!.start, entry.keyRange!.end)}`);
          visit(entry.value);
        }
      } else if (value.type === 'list') value.items.forEach(visit);
      else found.push(`${line}:${column} ${text.slice(value.range!.start, value.range!.end)}`);
    };
    visit(parseYaml(source).documents[0]!.value);
    expect(found).toEqual(['a@a', 'b@b', '2:8 "héllo"', 'c@c', '3:12 1', '3:15 2']);
  });

  it('goes on after an error, and knows which documents it lies in', () => {
    const file = parse('a: [1\n---\nb: 2\n---\nc: 3\nc: 4\n');
    expect(file.documents.map((document) => document.valid)).toEqual([false, true, true]);
    expect(file.diagnostics).toHaveLength(2);
    expect(file.diagnostics[1]).toMatchObject({ summary: 'the key "c" is given more than once', related: { message: 'first given here' } });
  });

  it('stops aliases that multiply, and allows many that do not', () => {
    const list = Array.from({ length: 1000 }, () => '*a').join(', ');
    expect(summaries(`a: &a [1, 2, 3]\nb: [${list}]\n`)).toEqual([]);
    const bomb = `a: &a [${'x,'.repeat(100)}]\n${['b', 'c', 'd', 'e', 'f', 'g']
      .map((name, i) => `${name}: &${name} [${`*${'abcdef'[i]},`.repeat(100)}]\n`)
      .join('')}`;
    expect(summaries(bomb)).toEqual([`aliases make this document too large: more than ${MAX_ALIASED_NODES} values`]);
  });

  it('survives deep nesting', () => {
    expect(summaries('['.repeat(100_000)).length).toBeGreaterThan(0);
    expect(summaries('{a: '.repeat(100_000)).length).toBeGreaterThan(0);
  });

  it('never throws, and every range lies in the text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '<<: ',
      '"',
      "'",
      '|',
      '#',
      '---\n',
      '!!x ',
      '\t',
      '? ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { subject } of parse(text).diagnostics) {
            expect(subject!.start).toBeGreaterThanOrEqual(0);
            expect(subject!.start).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

it('is the only file that loads the YAML library, so that commands without manifests never do', () => {
  const root = join(import.meta.dirname, '../../src');
  const users = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /from 'yaml'|import\('yaml'\)/.test(readFileSync(join(root, file), 'utf8')));
  expect(users).toEqual(['kube/yaml.ts']);
  // Which are loaded only when they are needed themselves.
  const lazy = ['blueprints/helm/values.ts'];
  const eager = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('kube/') && !lazy.includes(file))
    .filter((file) =>
      /^import (?!type)[^;]*from '[^']*\/kube\/(?!plan\.ts|bind\.ts|selector\.ts)/m.test(readFileSync(join(root, file), 'utf8')),
    );
  expect(eager).toEqual([]);
});
