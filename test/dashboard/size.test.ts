import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../dist/ui');

it('is less than 100 KB to load, all of it', () => {
  const sizes = readdirSync(folder).map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length);
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100 * 1024);
});

it('names nobody else', () => {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const hosts = texts.flatMap((text) => Array.from(text.matchAll(/https?:\/\/([\w.-]+)/g), (match) => match[1]));
  // Names of vocabularies and of examples, which nobody fetches.
  expect(hosts.filter((host) => host !== 'www.w3.org' && !host!.endsWith('.example.com'))).toEqual([]);
});
