import { describe, expect, it } from 'vitest';
import { covers, type RequestMatch, shadowedIn } from '../../src/entries/match-covers.ts';

const exact = (PathExact: string, more: RequestMatch = {}): RequestMatch => ({ PathExact, ...more });
const prefix = (PathPrefix: string, more: RequestMatch = {}): RequestMatch => ({ PathPrefix, ...more });
const regex = (PathRegex: string, more: RequestMatch = {}): RequestMatch => ({ PathRegex, ...more });
const group = { Name: 'x-group', Exact: 'dev' };

describe('what one match takes from another', () => {
  it.each<[RequestMatch, RequestMatch, boolean]>([
    [{}, exact('/a'), true],
    [prefix('/'), regex('/a.*'), true],
    [prefix('/'), exact('/A', { CaseInsensitive: true }), true],
    [prefix('/a'), exact('/a/b'), true],
    [prefix('/a'), prefix('/a/b'), true],
    [prefix('/a/b'), prefix('/a'), false],
    [prefix('/a'), regex('/a/b'), false],
    [prefix('/a'), {}, false],
    [prefix('/a'), exact('/a', { CaseInsensitive: true }), false],
    [prefix('/A', { CaseInsensitive: true }), exact('/a/b'), true],
    [exact('/a'), exact('/a'), true],
    [exact('/a'), prefix('/a'), false],
    [exact('/a'), exact('/a/b'), false],
    [regex('/a|/b'), regex('/a|/b'), true],
    [regex('/a|/b'), exact('/a'), false],
    [prefix('/', { Methods: ['GET', 'PUT'] }), prefix('/', { Methods: ['GET'] }), true],
    [prefix('/', { Methods: ['GET'] }), prefix('/', { Methods: ['GET', 'PUT'] }), false],
    [prefix('/', { Methods: ['GET'] }), prefix('/'), false],
    [prefix('/'), prefix('/', { Methods: ['GET'] }), true],
    [{ Header: [group] }, prefix('/', { Header: [group, { Name: 'x', Present: true }] }), true],
    [{ Header: [group] }, prefix('/'), false],
    [{ Header: [group] }, { Header: [{ ...group, Invert: true }] }, false],
    [{ QueryParam: [group] }, { QueryParam: [group] }, true],
    [{ QueryParam: [group] }, { Header: [group] }, false],
  ])('%j before %j: %s', (first, second, expected) => {
    expect(covers(first, second)).toBe(expected);
  });

  it('is told of once, with the first that takes it', () => {
    expect(shadowedIn([prefix('/a'), exact('/a/b'), prefix('/'), exact('/z')])).toEqual([
      { index: 1, by: 0 },
      { index: 3, by: 2 },
    ]);
  });
});
