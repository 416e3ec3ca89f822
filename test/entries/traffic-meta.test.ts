import { describe, expect, it } from 'vitest';
import { readTrafficMeta } from '../../src/entries/traffic-meta.ts';
import { prepare } from './prepare.ts';

describe('settings in the Meta of a service-defaults', () => {
  it.each([
    [{ team: 'a' }, {}],
    [{ 'mesh.mirror/service': 'x' }, { mirror: { service: 'x', subset: '', percent: 100 } }],
    [{ 'mesh.mirror/percent': '5' }, {}],
    [{ 'mesh.retry-budget/percent': '12.5' }, { retryBudget: { percent: 12.5, minConcurrency: 3 } }],
    [{ 'mesh.retry-budget/min-concurrency': '0' }, { retryBudget: { percent: 20, minConcurrency: 0 } }],
    [{ 'mesh.sticky-split/header': 'X-User' }, { stickySplit: { header: 'x-user' } }],
    [{ 'mesh.sticky-split/cookie': 'c', 'mesh.sticky-split/ttl': '90s' }, { stickySplit: { cookie: { name: 'c', ttlMs: 90_000 } } }],
  ])('%j', (meta, value) => {
    expect(readTrafficMeta(meta)).toEqual(value);
  });

  it.each([
    [{ 'mesh.mirror/percent': '101' }, 'mesh.mirror/percent is "101", and has no effect: it must be a number from 0 to 100'],
    [{ 'mesh.sticky-split/cookie': 'a b' }, 'mesh.sticky-split/cookie is "a b", and has no effect: it must be the name of a cookie'],
    [{ 'mesh.mirror/servise': 'x' }, '"mesh.mirror/servise" means nothing'],
    [{ 'mesh.miror/service': 'x' }, '"mesh.miror/service" means nothing'],
  ])('that have no effect are kept, with a word where they stand: %j', (Meta, summary) => {
    const { entry, problems } = prepare('service-defaults', { Meta });
    expect(entry).toMatchObject({ Meta });
    expect(problems).toMatchObject([{ severity: 'warning', summary, path: `Meta[${Object.keys(Meta)[0]}]` }]);
  });
});
