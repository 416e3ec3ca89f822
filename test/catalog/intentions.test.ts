import { describe, expect, it } from 'vitest';
import {
  authorize,
  deleteIntention,
  exactIntention,
  listIntentions,
  matchIntentions,
  precedence,
  upsertIntention,
} from '../../src/catalog/intentions.ts';
import { entry, put, snapshotOf } from './registrations.ts';

const allow = (Name: string): object => ({ Name, Action: 'allow' });
const deny = (Name: string): object => ({ Name, Action: 'deny' });
const all = snapshotOf(
  put('service-intentions', '*', { Sources: [deny('*'), allow('web')] }),
  put('service-intentions', 'db', { Sources: [deny('*'), allow('web'), { Name: 'peered', Peer: 'p', Action: 'allow' }] }),
);
const shown = (found: { value: { source: string; destination: string; precedence: number }[] }): string[] =>
  found.value.map((i) => `${i.source} => ${i.destination} (${i.precedence})`);

describe('precedence', () => {
  it.each([
    ['web', 'db', 9],
    ['*', 'db', 8],
    ['web', '*', 6],
    ['*', '*', 5],
  ])('%s => %s: %i', (source, destination, expected) => {
    expect(precedence(source, destination)).toBe(expected);
  });
});

describe('matching', () => {
  it('gives a destination everything that speaks of it, in the order in which it decides', () => {
    const order = ['web => db (9)', '* => db (8)', 'web => * (6)', '* => * (5)'];
    expect(shown(matchIntentions(all, 'dc1', { by: 'destination', name: 'DB' }))).toEqual(order);
    expect(shown(matchIntentions(all, 'dc1', { by: 'destination', name: 'other' }))).toEqual(order.slice(2));
    expect(shown(matchIntentions(all, 'dc1', { by: 'destination', name: '*' }))).toEqual(order.slice(2));
    expect(shown(listIntentions(all, 'dc1'))).toEqual(order);
  });

  it('gives a source everything that speaks of it', () => {
    expect(shown(matchIntentions(all, 'dc1', { by: 'source', name: 'api' }))).toEqual(['* => db (8)', '* => * (5)']);
  });

  it('waits for the two entries that can matter to a destination', () => {
    expect(matchIntentions(all, 'dc1', { by: 'destination', name: 'db' }).watch).toEqual(['dc1/intentions/db', 'dc1/intentions/*']);
  });

  it('takes wildcards literally when asked for one intention', () => {
    expect(exactIntention(all, 'dc1', '*', 'db').value?.action).toBe('deny');
    expect(exactIntention(all, 'dc1', 'api', 'db').value).toBeUndefined();
  });
});

describe('authorize', () => {
  it.each([
    ['web', 'db', true, 'Matched intention: ALLOW default/web => default/db (Precedence: 9)'],
    ['api', 'db', false, 'Matched intention: DENY default/* => default/db (Precedence: 8)'],
    ['peered', 'db', false, 'Matched intention: DENY default/* => default/db (Precedence: 8)'],
    ['web', 'x', true, 'Matched intention: ALLOW default/web => default/* (Precedence: 6)'],
    ['api', 'x', false, 'Matched intention: DENY default/* => default/* (Precedence: 5)'],
  ])('%s => %s', (source, destination, allowed, reason) => {
    expect(authorize(all, 'dc1', source, destination)).toMatchObject({ allowed, reason });
  });

  it('allows what nothing speaks of', () => {
    expect(authorize(snapshotOf(), 'dc1', 'a', 'b')).toEqual({ allowed: true, reason: 'Default behavior configured by ACLs' });
  });

  it('denies connections where permissions would have to look at requests', () => {
    const permissions = { Sources: [{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] }] };
    expect(authorize(snapshotOf(put('service-intentions', 'db', permissions)), 'dc1', 'web', 'db').allowed).toBe(false);
  });
});

describe('edits', () => {
  const db = entry('service-intentions', 'db', { Sources: [allow('web'), deny('*')], Meta: { a: 'b' } });
  const sources = (from: unknown) =>
    (from as { Sources: { Name: string; Action: string; Precedence: number }[] }).Sources.map((s) => [s.Name, s.Action]);

  it('make an entry, add to one, and replace in it', () => {
    expect(sources(upsertIntention(undefined, { source: 'web', destination: 'db', action: 'deny' }))).toEqual([['web', 'deny']]);
    expect(sources(upsertIntention(db, { source: 'api', destination: 'db', action: 'deny' }))).toEqual([
      ['web', 'allow'],
      ['api', 'deny'],
      ['*', 'deny'],
    ]);
    const replaced = upsertIntention(db, { source: 'web', destination: 'db', action: 'deny', description: 'no' });
    expect(sources(replaced)).toEqual([
      ['web', 'deny'],
      ['*', 'deny'],
    ]);
    expect(replaced).toMatchObject({ Meta: { a: 'b' }, Sources: [{ Description: 'no', Precedence: 9, Type: 'consul' }, {}] });
  });

  it('take one out, and the entry with the last', () => {
    const rest = deleteIntention(db, 'web');
    expect(sources(rest)).toEqual([['*', 'deny']]);
    expect(deleteIntention(rest, '*')).toBeUndefined();
    expect(deleteIntention(undefined, 'web')).toBeUndefined();
  });
});
