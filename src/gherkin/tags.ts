import { parse } from '@cucumber/tag-expressions';
import { messageOf } from '../base/errors.ts';
import type { Result } from '../base/result.ts';

export type TagFilter = (tags: readonly string[]) => boolean;

/**
 * `@wip and not @slow`, or godog's older notation, which Shipyard takes: a comma is "or" (`@wip,@new`), `&&` is "and",
 * `~` is "not". Without an expression everything is chosen.
 */
export function parseTags(text: string | undefined): Result<TagFilter, string> {
  if (text === undefined || text.trim() === '') return { ok: true, value: () => true };
  try {
    const expression = parse(isShort(text) ? longForm(text) : text);
    return { ok: true, value: (tags) => expression.evaluate([...tags]) };
  } catch (error) {
    const why =
      messageOf(error)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .at(-1) ?? '';
    return { ok: false, error: why };
  }
}

const isShort = (text: string): boolean => /[,~]|&&/.test(text);

function longForm(text: string): string {
  const all = text.split('&&').map((part) => {
    const any = part.split(',').map((tag) => tag.trim().replace(/^~\s*(.*)$/, 'not $1'));
    return `( ${any.join(' or ')} )`;
  });
  return all.join(' and ');
}
