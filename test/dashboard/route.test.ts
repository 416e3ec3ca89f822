import { expect, it } from 'vitest';
import { href, parseRoute } from '../../src/dashboard/shell/route.ts';

it.each([
  ['', '', [], ''],
  ['#/', '', [], ''],
  ['#/services', 'services', [], ''],
  ['#/services/web', 'services', ['web'], ''],
  ['#/kv/a%2Fb/?dc=dc2', 'kv', ['a/b'], 'dc=dc2'],
  ['#/kv/%E0%A4', 'kv', ['%E0%A4'], ''],
])('%s is a place', (hash, page, params, query) => {
  const route = parseRoute(hash);
  expect([route.page, route.params, route.query.toString()]).toEqual([page, params, query]);
});

it('is written as it is read', () => {
  expect(href(['services', 'a/b c'], { dc: 'dc1', tab: '' })).toBe('#/services/a%2Fb%20c?dc=dc1');
  expect(parseRoute(href(['kv', 'x?y#z'], { q: 'a&b' })).params).toEqual(['x?y#z']);
});
