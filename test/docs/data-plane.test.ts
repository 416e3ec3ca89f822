import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { prepareEntry } from '../../src/entries/decode.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

const pages = ['data-plane.md', 'zero-trust.md'].map((name) => readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8'));
const examples = [...pages.join('\n').matchAll(/```hcl\n([\s\S]*?)```/g)].map(([, text]) => text!);

it('the pages of the data plane have examples', () => {
  expect(examples.length).toBeGreaterThan(4);
});

it.each(examples)('an example of the data plane is an entry without a problem:\n%s', (text) => {
  const { entry, problems } = prepareEntry(decodeConsulText({ name: 'example.hcl', text }).value);
  expect(problems).toEqual([]);
  expect(entry).toMatchObject({ Kind: expect.any(String), Name: expect.any(String) });
});
