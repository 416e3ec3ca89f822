import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { describeRange, positionOf } from '../../src/base/source.ts';
import type { Feature } from '../../src/gherkin/feature.ts';
import { parseFeature } from '../../src/gherkin/parse.ts';

/** What is read of a file, and what is said of it. `npx vitest run test/gherkin -u` writes what is said now. */
const folder = join(import.meta.dirname, '../golden/gherkin');
const cases = readdirSync(folder).flatMap((name) => /^(.*)\.in\.feature$/.exec(name)?.[1] ?? []);

function outline({ name, scenarios }: Feature): string[] {
  return [
    `feature ${name}`,
    ...scenarios.flatMap((scenario) => [
      [
        `${describeRange(scenario.range)} scenario ${scenario.name}`,
        `lines ${scenario.lines.join(' ')}`,
        ...(scenario.rule === undefined ? [] : [`rule ${scenario.rule}`]),
        ...(scenario.example ? [JSON.stringify(scenario.example)] : []),
        ...scenario.tags,
      ].join('; '),
      ...scenario.steps.flatMap(({ keyword, text, range, table, docString }) => [
        `  ${positionOf(range.source, range.start).line} ${keyword} | ${text}`,
        ...(table ?? []).map((row) => `    ${row.join(' | ')}`),
        ...(docString === undefined ? [] : docString.split('\n').map((line) => `    > ${line}`)),
      ]),
    ]),
  ];
}

describe('parseFeature', () => {
  it.each(cases)('%s', async (name) => {
    const text = readFileSync(join(folder, `${name}.in.feature`), 'utf8');
    const { feature, diagnostics } = parseFeature({ name: `${name}.feature`, text });
    const said = [...diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)), ...(feature ? [outline(feature).join('\n')] : [])];
    await expect(`${said.join('\n\n')}\n`).toMatchFileSnapshot(join(folder, `${name}.out.txt`));
  });

  it('has the places of steps as ranges of the text, also behind wide characters', () => {
    const source = { name: 'x.feature', text: 'Feature: x\n  Scenario: 😀\n    Given 😀 a "b"\n' };
    const step = parseFeature(source).feature!.scenarios[0]!.steps[0]!;
    expect(source.text.slice(step.range.start, step.range.end)).toBe('Given 😀 a "b"');
  });

  it('reads scenarios without steps, and files with Windows’ line ends', () => {
    const { feature, diagnostics } = parseFeature({
      name: 'x.feature',
      text: 'Feature: x\r\n  Scenario: y\r\n    Given z\r\n  Scenario: empty\r\n',
    });
    expect(diagnostics).toEqual([]);
    expect(feature!.scenarios.map(({ name, steps }) => [name, steps.map((step) => step.text)])).toEqual([
      ['y', ['z']],
      ['empty', []],
    ]);
  });
});
