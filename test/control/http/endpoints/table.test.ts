import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENDPOINTS } from '../../../../src/control/http/endpoints/table.ts';
import { renderHttpReference } from '../../../../src/control/http/reference.ts';

it('is the inventory of the API', async () => {
  const rows = ENDPOINTS.map(({ method, path, doc }) => `${method.padEnd(6)} ${path.padEnd(36)} ${doc}`);
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('../../../golden/api/inventory.txt');
});

it('is what the reference says (`npx vitest run test/control/http/endpoints/table.test.ts -u` writes it)', async () => {
  await expect(renderHttpReference(ENDPOINTS)).toMatchFileSnapshot('../../../../docs/http-api.md');
});

it('has one row for a method and a path, and a sentence for each', () => {
  const keys = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { doc } of ENDPOINTS) expect(doc).toMatch(/^[A-Z].*\.$/);
});

it('copies no request: what a request makes when it is asked for would be lost', () => {
  const folder = join(import.meta.dirname, '../../../../src/control/http');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => /\{\s*\.\.\.(?:request|call)\b/.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
});
