import { expect, it } from 'vitest';
import { reportOf } from '../../../src/gherkin/report/json.ts';
import { results } from './results.ts';

it('holds counts, places and reasons, and survives JSON', () => {
  const report = reportOf(results(), 31_334.4);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    version: 1,
    ok: false,
    ms: 31_334,
    counts: {
      scenarios: { total: 4, passed: 1, failed: 1, undefined: 1, skipped: 1 },
      steps: { total: 6, passed: 2, failed: 1, undefined: 1, skipped: 2 },
    },
    features: [
      {
        file: 'shop/test/shop.feature',
        scenarios: [
          { name: 'one', line: 3, tags: ['@fast'], status: 'passed', ms: 1235 },
          {
            name: 'two',
            rule: 'who pays',
            status: 'failed',
            steps: [
              { keyword: 'Given', text: 'c', line: 9, column: 7, failure: { expected: '200', hint: 'mesh status' } },
              { status: 'skipped' },
            ],
            teardown: { message: 'the agent does not answer' },
          },
          { name: 'three', line: 16, example: { n: 'x' }, steps: [{ problem: { line: 13, summary: 'there is no such step: x is' } }] },
          { name: 'four', status: 'skipped' },
        ],
      },
    ],
  });
});

it('is ok only if every scenario has passed', () => {
  const [passed, , , skipped] = results();
  expect(reportOf([passed!], 1).ok).toBe(true);
  expect(reportOf([passed!, skipped!], 1).ok).toBe(false);
});
