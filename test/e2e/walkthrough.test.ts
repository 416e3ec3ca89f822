import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedBlueprints } from '../../src/blueprints/locate.ts';
import { Workspace } from './harness.ts';
import { canType, typePage } from './typed-pages.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SHIPPED = join(ROOT, 'blueprints');

/** Pages of docs that are typed here. */
const PAGES = ['docs/tutorial.md', ...readdirSync(join(ROOT, 'docs/guides')).map((file) => `docs/guides/${file}`)];

/** Typed elsewhere, since it needs more than a page can say: by `own.test.ts`. */
const ELSEWHERE = ['docs/guides/own-services.md'];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe('what the pages of the shipped blueprints say', async () => {
  it.for(await shippedBlueprints(SHIPPED))('%s works as typed (needs curl)', { skip: !canType, timeout: 60_000 }, async (blueprint) => {
    await using mesh = new Workspace();
    const page = read(`blueprints/${blueprint}/README.md`);
    expect(page.match(/^```(?!sh\n|text\n|\n)/gm)).toBeNull();
    await typePage(mesh, page);
  });
});

describe('what the tutorial and the guides say', () => {
  it.for(PAGES.filter((page) => !ELSEWHERE.includes(page)))(
    '%s works as typed (needs curl)',
    { skip: !canType, timeout: 60_000 },
    async (page) => {
      await using mesh = new Workspace();
      await typePage(mesh, read(page));
    },
  );
});
