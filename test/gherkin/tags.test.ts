import { describe, expect, it } from 'vitest';
import { parseTags } from '../../src/gherkin/tags.ts';

const holds = (expression: string | undefined, ...tags: string[]): boolean => {
  const parsed = parseTags(expression);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value(tags);
};

describe('parseTags', () => {
  it.each([
    [undefined, [], true],
    ['', ['@a'], true],
    ['@wip', ['@wip'], true],
    ['@wip', ['@new'], false],
    ['@wip and not @slow', ['@wip'], true],
    ['@wip and not @slow', ['@wip', '@slow'], false],
    ['(@a or @b) and @c', ['@b', '@c'], true],
    ['(@a or @b) and @c', ['@b'], false],
    ['@wip,@new', ['@new'], true],
    ['@wip,@new', ['@old'], false],
    ['~@slow', [], true],
    ['~@slow', ['@slow'], false],
    ['@a,@b && ~@c', ['@b'], true],
    ['@a,@b && ~@c', ['@b', '@c'], false],
  ] as const)('%s with %j is %s', (expression, tags, expected) => {
    expect(holds(expression, ...tags)).toBe(expected);
  });

  it.each(['@a and', '(@a', 'and', '@a @b'])('says what is wrong with %s', (expression) => {
    expect(parseTags(expression)).toMatchObject({ ok: false, error: expect.stringMatching(/\w/) });
  });
});
