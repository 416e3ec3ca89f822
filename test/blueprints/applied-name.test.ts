import { expect, it } from 'vitest';
import { appliedName } from '../../src/blueprints/applied-name.ts';

it('is the name of a blueprint, or its folder where another one has the same name, to be typed', () => {
  const mine = { id: '/my shop/v2', name: 'v2' };
  expect(appliedName(mine, [])).toBe('v2');
  expect(appliedName(mine, [mine, { id: '/shop/v1', name: 'v1' }])).toBe('v2');
  expect(appliedName(mine, [mine, { id: '/other/v2', name: 'v2' }])).toBe("'/my shop/v2'");
  expect(appliedName({ id: '/x/my app', name: 'my app' }, [])).toBe("'my app'");
});
