import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../../dist');
const holds = (file: string, text: string): boolean => readFileSync(join(dist, file), 'utf8').includes(text);

/** A text of each that no other code has. */
const SELDOM = { 'the languages of Gherkin': 'Szenariogrundriss', 'JSON paths': 'JSONPath' };

it.each(Object.entries(SELDOM))('%s are in a file of their own, which neither a run nor a long-lived process reads', (_, text) => {
  const files = readdirSync(dist).filter((file) => /\.c?js$/.test(file) && holds(file, text));
  expect(files).toEqual([expect.stringMatching(/^test-\w+\.js$/)]);
});

/** What only reading a blueprint needs, which is the command line's work. */
const READING = { 'expressions of HCL 2': 'both results of a condition', manifests: 'StatefulSet' };

it.each(Object.entries(READING))('the agent does not load %s', (_, text) => {
  expect(holds('run.bundle.cjs', text)).toBe(true);
  expect(holds('agent.bundle.cjs', text)).toBe(false);
});

it('jobs of Nomad are in a file of their own', () => {
  expect(['job-files.cjs', 'run.bundle.cjs', 'agent.bundle.cjs'].map((file) => holds(file, 'parameterized'))).toEqual([true, false, false]);
});

/** What only agents with ACLs need, and few of those. */
const OF_ACLS = { 'policy-text': 'object expected closing RBRACE', 'jwt-method': 'JWKSNoMatchingKey', 'kubernetes-method': 'TokenReview' };

it.each(Object.entries(OF_ACLS))('%s is a file of its own, which an agent reads when it is needed', (file, text) => {
  expect([`${file}.cjs`, 'agent.bundle.cjs'].map((name) => holds(name, text))).toEqual([true, false]);
});

it('a file of its own is imported by the names of what is in it: its default would be all of them', () => {
  const bundles = readdirSync(dist).filter((file) => file.endsWith('.bundle.cjs'));
  const imported = bundles.flatMap((file) => [
    ...readFileSync(join(dist, file), 'utf8').matchAll(/require\("\.\/([\w-]+\.cjs)"\),1\)\)?\.then\(\(\{([^}]*)\}/g),
  ]);
  expect(imported.map(([, file]) => file)).toContain('spinner.cjs');
  expect(imported.filter(([, , names = '']) => /\bdefault\b/.test(names)).map(([, file]) => file)).toEqual([]);
});
