import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderScenario, renderSummary, type SpecStyle } from '../../../src/gherkin/report/spec.ts';
import { results } from './results.ts';

const same = (text: string) => text;
const plain: SpecStyle = { error: same, warning: same, dim: same, bold: same, good: same };

it('shows each scenario with its steps, and where and why one failed (`-u` writes what is shown now)', async () => {
  const all = results();
  const shown = all.map((result, i) => renderScenario(result, all[i - 1], plain)).join('') + renderSummary(all, 31_334, plain);
  await expect(shown.replaceAll('\u0007', '·').replaceAll('\u001b', '·').replaceAll('\ud800', '·')).toMatchFileSnapshot(
    join(import.meta.dirname, '../../golden/gherkin/report.spec.txt'),
  );
  expect(shown.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
});

it('marks what is wrong in colour, and nothing else of it', () => {
  const marked = { ...plain, error: (text: string) => `<e>${text}</e>`, good: (text: string) => `<g>${text}</g>` };
  const [passed, failed] = results();
  expect(renderScenario(passed!, undefined, marked)).toContain('    <g>✓</g> Given a  0.62 s\n');
  expect(renderScenario(failed!, passed, marked)).toContain('    <e>✗</e> Given c  30.0 s\n');
});
