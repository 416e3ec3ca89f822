import { expect, it } from 'vitest';
import { fuzz } from './run.ts';

it('a sidecar accepts nothing that llhttp refuses, and reads the same requests', async () => {
  const { findings, requests, refused, tolerated } = await fuzz(2_000, 1);
  expect(findings).toEqual([]);
  // The inputs are of use: many are good, many are not.
  expect(requests).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
  expect(Object.keys(tolerated).length).toBeGreaterThan(0);
});
