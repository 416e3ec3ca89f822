import { errorAt } from '../../../src/base/diagnostic.ts';
import { parseFeature } from '../../../src/gherkin/parse.ts';
import type { ScenarioResult } from '../../../src/gherkin/result.ts';

const TEXT = `Feature: the <shop> & "co"
  @fast
  Scenario: one
    Given a
    Then b

  Rule: who pays
    Scenario: two
      Given c
      Then d

  Scenario Outline: three
    Then <n> is
    Examples:
      | n |
      | x |
  Scenario: four
    Given e
`;

/** One of each kind: passed, failed, undefined, skipped. */
export function results(): ScenarioResult[] {
  const feature = parseFeature({ name: 'shop/test/shop.feature', text: TEXT }).feature!;
  const [one, two, three, four] = feature.scenarios;
  return [
    {
      feature,
      scenario: one!,
      status: 'passed',
      ms: 1234.5,
      steps: one!.steps.map((step) => ({ step, status: 'passed', ms: 617.2 })),
      logs: [],
    },
    {
      feature,
      scenario: two!,
      status: 'failed',
      ms: 30_100,
      steps: [
        {
          step: two!.steps[0]!,
          status: 'failed',
          ms: 30_000,
          failure: {
            message: 'http://localhost:9090 has another status',
            expected: '200',
            found: '503\nand <more> ]]> "text"',
            hint: 'mesh status',
            details: ['a detail'],
          },
        },
        { step: two!.steps[1]!, status: 'skipped', ms: 0 },
      ],
      teardown: { message: 'the agent does not answer', hint: 'MESH_HOME=/x mesh purge -y' },
      logs: [{ name: 'web', lines: ['bell \u0007, half of a pair \ud800, \u001b[31mred\u001b[0m & <b>', 'last'] }],
    },
    {
      feature,
      scenario: three!,
      status: 'undefined',
      ms: 0,
      steps: three!.steps.map((step) => ({
        step,
        status: 'undefined',
        ms: 0,
        problem: errorAt(step.range, 'there is no such step: x is', { hint: 'mesh test --steps' }),
      })),
      logs: [],
    },
    {
      feature,
      scenario: four!,
      status: 'skipped',
      ms: 0,
      steps: four!.steps.map((step) => ({ step, status: 'skipped', ms: 0 })),
      logs: [],
    },
  ];
}
