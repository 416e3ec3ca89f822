import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { prepareEntry } from '../../src/entries/decode.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { load } from '../blueprints/fixture.ts';
import { workspace } from '../blueprints/workspace.ts';

const PAGES = ['data-plane.md', 'gateways.md', 'observability.md', 'zero-trust.md'];
const examples = PAGES.flatMap((page) => {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs', page), 'utf8');
  return [...text.matchAll(/```hcl\n([\s\S]*?)```/g)].map(([, example]) => [page, example!] as const);
});

it('the pages of the data plane have examples', () => {
  for (const page of PAGES) expect(examples.filter(([of]) => of === page).length).toBeGreaterThan(0);
});

const isBlueprint = ([, text]: readonly [string, string]): boolean => text.startsWith('network ');
const entries = examples.filter((example) => !isBlueprint(example));

it.each(entries)('an example of %s is an entry without a problem:\n%s', (_, text) => {
  const { entry, problems } = prepareEntry(decodeConsulText({ name: 'example.hcl', text }).value);
  expect(problems).toEqual([]);
  expect(entry).toMatchObject({ Kind: expect.any(String), Name: expect.any(String) });
});

it.each(examples.filter(isBlueprint))('an example of %s is a blueprint without a problem:\n%s', async (_, text) => {
  const front = entries.find(([page, entry]) => page === 'gateways.md' && entry.includes('"ingress-gateway"'))!;
  const { graph, diagnostics } = await load(workspace({ 'main.hcl': text, 'gateway/front.hcl': front[1] }));
  expect(diagnostics).toEqual([]);
  expect(graph!.resources.length).toBeGreaterThan(0);
});
