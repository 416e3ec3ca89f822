import { describe, expect, it } from 'vitest';
import { changeKeys, touches } from '../../src/catalog/keys.ts';

describe('touches', () => {
  const changed = new Set([changeKeys.entry('dc1', 'service-defaults', 'Web')]);

  it.each([
    ['dc1/config/service-defaults/web', true],
    ['dc1/config/service-defaults', true],
    ['dc1/config', true],
    ['dc1/config/service', false],
    ['dc1/config/service-defaults/we', false],
    ['dc2/config', false],
  ])('%s: %s', (watched, expected) => {
    expect(touches(changed, [watched])).toBe(expected);
  });
});
