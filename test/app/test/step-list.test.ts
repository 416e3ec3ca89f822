import { expect, it } from 'vitest';
import { stepsJson, stepsText } from '../../../src/app/test/step-list.ts';
import { STEPS } from '../../../src/app/test/steps/index.ts';

it('shows every step with what it means and an example', () => {
  const text = stepsText(STEPS);
  for (const { phrase, example } of STEPS) {
    expect(text).toContain(`\n  ${phrase}\n`);
    expect(text).toContain(`\n        ${example.split('\n')[0]!}\n`);
  }
  expect(text).not.toContain('`');
});

it('gives programs the same', () => {
  const rows = JSON.parse(stepsJson(STEPS)) as { phrase: string; below?: string }[];
  expect(rows.map(({ phrase }) => phrase)).toEqual(STEPS.map(({ phrase }) => phrase));
  expect(rows.find(({ phrase }) => phrase === 'I run the script')).toMatchObject({ below: 'text', from: 'Shipyard and Jumppad' });
});
