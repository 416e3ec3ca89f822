import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { parseFeature } from '../../src/gherkin/parse.ts';
import { planOf } from '../../src/gherkin/plan.ts';
import type { StepDefinition } from '../../src/gherkin/step-definition.ts';
import { parseTags } from '../../src/gherkin/tags.ts';

const define = (phrase: string, pattern: RegExp, below?: 'table' | 'text'): StepDefinition<unknown> => ({
  phrase,
  pattern,
  group: '',
  from: 'mesh',
  doc: '',
  example: '',
  ...(below ? { below } : {}),
  run: () => Promise.resolve(),
});

const definitions = [
  define('I call "URL" [with "METHOD"]', /^I call "([^"]*)"(?: with "([^"]*)")?$/),
  define('the response should be N', /^the response should be (\d+)$/),
  define('these run', /^these run$/, 'table'),
  define('I run the script', /^I run the script$/, 'text'),
];

function plan(text: string, { tags, lines }: { tags?: string; lines?: number[] } = {}) {
  const { feature } = parseFeature({ name: 'x.feature', text });
  const filter = parseTags(tags);
  if (!filter.ok) throw new Error(filter.error);
  return planOf([feature!], definitions, { tags: filter.value, lines: new Map(lines ? [['x.feature', lines]] : []) });
}

const TEXT = `Feature: x
  Background:
    When I call "a"

  @one
  Scenario: first
    Then the response should be 200

  @two @slow
  Scenario Outline: second
    Then the response should be <status>
    Examples:
      | status |
      | 200    |
      | 404    |
`;

describe('planOf', () => {
  it('finds the definition of each step, and what its words are', () => {
    const { scenarios, problems } = plan(TEXT);
    expect(problems).toEqual([]);
    expect(
      scenarios.map(({ scenario, steps }) => [scenario.name, steps.map((step) => ('input' in step ? step.input.words : 'problem'))]),
    ).toEqual([
      ['first', [['a', ''], ['200']]],
      ['second', [['a', ''], ['200']]],
      ['second', [['a', ''], ['404']]],
    ]);
  });

  it('chooses by tags and by lines', () => {
    const chosen = (options: { tags?: string; lines?: number[] }) =>
      plan(TEXT, options).scenarios.map(({ scenario }) => scenario.lines.at(-1));
    expect(chosen({ tags: '@one' })).toEqual([6]);
    expect(chosen({ tags: '@two and not @slow' })).toEqual([]);
    expect(chosen({ lines: [15] })).toEqual([15]);
    expect(chosen({ lines: [10] })).toEqual([14, 15]);
    expect(chosen({ lines: [6, 14] })).toEqual([6, 14]);
    expect(chosen({ lines: [7] })).toEqual([]);
  });

  it('hands over what stands below a step', () => {
    const { scenarios } = plan(
      'Feature: x\n  Scenario: y\n    Given these run\n      | a |\n      | 1 |\n    When I run the script\n      """\n      ls\n      """\n',
    );
    expect(scenarios[0]!.steps.map((step) => 'input' in step && step.input)).toEqual([
      { words: [], table: [['a'], ['1']] },
      { words: [], docString: 'ls' },
    ]);
  });

  it.each([
    ['an unknown step, with the nearest one', '    Then the respons should be 200', 'did you mean: the response should be N'],
    ['one that shares most words', '    Then whatever it is, the response should be fine', 'did you mean: the response should be N'],
    ['one that is like no other', '    When pigs fly', 'mesh test --steps'],
    ['a step without its table', '    Given these run', 'this step needs a table below it'],
    [
      'a step with a text in place of its table',
      '    Given these run\n      """\n      x\n      """',
      'this step needs a table below it, found a text between """',
    ],
    ['a step with a table that it would not read', '    When I call "a"\n      | a |', 'this step takes nothing below it, found a table'],
  ])('reports %s', (_, step, said) => {
    const { problems, scenarios } = plan(`Feature: x\n  Scenario: y\n${step}\n`);
    expect(problems.map((problem) => renderDiagnostic(problem)).join('\n')).toContain(said);
    expect(problems[0]!.subject).toMatchObject({ source: { name: 'x.feature' }, start: 29 });
    expect('problem' in scenarios[0]!.steps[0]!).toBe(true);
  });

  it('reports a step of a background once', () => {
    const { problems, scenarios } = plan(TEXT.replace('I call "a"', 'I cal "a"'));
    expect(scenarios.every(({ steps }) => 'problem' in steps[0]!)).toBe(true);
    expect(problems).toHaveLength(1);
  });
});
