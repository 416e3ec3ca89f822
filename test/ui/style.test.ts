import { expect, it } from 'vitest';
import { type Style, styleOf } from '../../src/ui/style.ts';

const NAMES: readonly (keyof Style)[] = ['error', 'warning', 'dim', 'bold', 'good'];

it('changes nothing without colour', async () => {
  const style = await styleOf(false);
  for (const name of NAMES) expect(style[name]('text')).toBe('text');
});

it('marks each kind differently with colour, whatever the environment of this process says', async () => {
  const style = await styleOf(true);
  const marked = NAMES.map((name) => style[name]('text'));
  for (const text of marked)
    expect(text.split('\u001b')).toEqual(['', expect.stringMatching(/^\[\d+mtext$/), expect.stringMatching(/^\[\d+m$/)]);
  expect(new Set(marked).size).toBe(NAMES.length);
});
