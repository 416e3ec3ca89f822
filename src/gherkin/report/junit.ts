import { renderDiagnostic } from '../../base/diagnostic.ts';
import { describeRange } from '../../base/source.ts';
import { countsOf, type Failure, type ScenarioResult } from '../result.ts';
import { featuresOf } from './json.ts';

/** JUnit's XML, as CI systems read it: a suite for each feature, a case for each scenario. Times are seconds. */
export function renderJunit(results: readonly ScenarioResult[], ms: number): string {
  const suites = featuresOf(results).map(({ feature, results: own }) => {
    const total = own.reduce((sum, result) => sum + result.ms, 0);
    const open = `  <testsuite ${attributes({ name: feature.name, file: feature.source.name, ...numbers(own), time: seconds(total) })}>`;
    return [open, ...own.map(testcase), '  </testsuite>'].join('\n');
  });
  const open = `<testsuites ${attributes({ name: 'mesh test', ...numbers(results), time: seconds(ms) })}>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', open, ...suites, '</testsuites>', ''].join('\n');
}

/** A scenario that could not be begun for a step that is not known is an error, not a failure, in JUnit's words. */
function numbers(results: readonly ScenarioResult[]): Record<string, string> {
  const { total, failed, undefined: errors, skipped } = countsOf(results);
  return { tests: String(total), failures: String(failed), errors: String(errors), skipped: String(skipped) };
}

function testcase(result: ScenarioResult): string {
  const { feature, scenario, ms, status } = result;
  const row = scenario.example ? ` [${Object.values(scenario.example).join(', ')}]` : '';
  const open = `    <testcase ${attributes({
    name: `${scenario.name}${row}`,
    classname: scenario.rule === undefined ? feature.name : `${feature.name}.${scenario.rule}`,
    file: feature.source.name,
    line: String(scenario.lines.at(-1)),
    time: seconds(ms),
  })}`;
  const inner = [...troubles(result), ...(status === 'skipped' ? ['      <skipped/>'] : []), ...output(result)];
  return inner.length === 0 ? `${open}/>` : [`${open}>`, ...inner, '    </testcase>'].join('\n');
}

function troubles({ steps, teardown }: ScenarioResult): string[] {
  const failures = steps.flatMap(({ step, failure }) =>
    failure ? [trouble('failure', failure.message, `${describeRange(step.range)}\n${step.keyword} ${step.text}\n${bodyOf(failure)}`)] : [],
  );
  const problems = steps.flatMap(({ problem }) => (problem ? [trouble('error', problem.summary, renderDiagnostic(problem))] : []));
  // One of a kind is what readers of the format expect.
  const ofTeardown = teardown && failures.length === 0 ? [trouble('failure', teardown.message, bodyOf(teardown))] : [];
  return [...failures, ...problems.slice(0, 1), ...ofTeardown];
}

function trouble(element: 'failure' | 'error', message: string, body: string): string {
  const type = element === 'failure' ? 'failed' : 'undefined';
  return `      <${element} ${attributes({ message, type })}>${escapeXml(body)}</${element}>`;
}

function bodyOf({ message, expected, found, hint, details = [] }: Failure): string {
  return [
    message,
    ...(expected === undefined ? [] : [`expected  ${expected}`]),
    ...(found === undefined ? [] : [`found     ${found}`]),
    ...details,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join('\n');
}

function output({ logs }: ScenarioResult): string[] {
  if (logs.length === 0) return [];
  const text = logs.map(({ name, lines }) => [`${name}:`, ...lines].join('\n')).join('\n\n');
  return [`      <system-out>${escapeXml(text)}</system-out>`];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Text for XML 1.0: what it has no way to write (control characters, halves of pairs) becomes U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
