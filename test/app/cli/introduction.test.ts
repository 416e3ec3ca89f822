import { expect, it } from 'vitest';
import { introduction } from '../../../src/app/cli/introduction.ts';
import type { BlueprintMetadata } from '../../../src/blueprints/metadata.ts';
import { styleOf } from '../../../src/ui/style.ts';

const shown = async (metadata: BlueprintMetadata | undefined, columns = 80) =>
  introduction(metadata, { style: await styleOf(false), columns });

it('is the title, the author and the first paragraph', async () => {
  const intro = '## Welcome\n\n![logo](x.png)\n\nA shop of\nthree services.\n\nMore of it.';
  expect(await shown({ title: 'Shop', author: 'Me', intro })).toBe('\nShop by Me\nA shop of three services.\n\n');
  expect(await shown({ title: 'Shop' })).toBe('\nShop\n\n');
});

it('is nothing without a title', async () => {
  expect(await shown(undefined)).toBe('');
  expect(await shown({ intro: 'text' })).toBe('');
});

it('fits the terminal, and does nothing to it', async () => {
  const text = await shown({ title: 'Sh\u001b[31mop', intro: 'word '.repeat(50) }, 40);
  expect(text.split('\n').every((line) => line.length <= 40)).toBe(true);
  expect(text).not.toContain('\u001b');
});
