import { expect, it } from 'vitest';
import { ENDPOINTS } from '../../../../src/control/http/endpoints/table.ts';

it('is the inventory of the API', async () => {
  const rows = ENDPOINTS.map(({ method, path, doc }) => `${method.padEnd(6)} ${path.padEnd(36)} ${doc}`);
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('../../../golden/api/inventory.txt');
});

it('has one row for a method and a path, and a sentence for each', () => {
  const keys = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { doc } of ENDPOINTS) expect(doc).toMatch(/^[A-Z].*\.$/);
});
