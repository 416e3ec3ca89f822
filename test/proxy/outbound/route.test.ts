import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/compile/proxy-config.ts';
import { drawSplit, findRoute } from '../../../src/proxy/outbound/route.ts';

const to = (cluster: string, pathPrefix?: string): Route => ({
  match: pathPrefix === undefined ? {} : { pathPrefix },
  splits: [{ weight: 100, cluster }],
});

describe('findRoute', () => {
  const routes = [to('currency', '/currency'), to('rest')];

  it('takes the first that matches', () => {
    expect(findRoute(routes, '/currency/eur')).toBe(routes[0]);
    expect(findRoute(routes, '/')).toBe(routes[1]);
    expect(findRoute(routes, undefined)).toBe(routes[1]);
    expect(findRoute([routes[0]!], '/')).toBeUndefined();
  });
});

describe('drawSplit', () => {
  const splits = [
    { weight: 0, cluster: 'never' },
    { weight: 25, cluster: 'a' },
    { weight: 75, cluster: 'b' },
  ];

  it.each([
    [0, 'a'],
    [0.2499, 'a'],
    [0.25, 'b'],
    [0.9999, 'b'],
  ])('%d draws %s', (drawn, cluster) => {
    expect(drawSplit(splits, drawn)?.cluster).toBe(cluster);
  });

  it('has nothing to draw from nothing', () => {
    expect(drawSplit([{ weight: 0, cluster: 'never' }], 0)).toBeUndefined();
  });
});
