import { describe, expect, it } from 'vitest';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { checkEntryChange } from '../../src/compile/check.ts';
import { drop, put, snapshotOf } from '../catalog/registrations.ts';

type EntryOp = Op & { type: 'put-entry' | 'delete-entry' };
const check = (before: Op[], op: Op): string[] => {
  const { snapshot } = transact(snapshotOf(...before), op);
  return checkEntryChange(snapshot, op as EntryOp).map((error) => error.message);
};

describe('intentions that look at requests need a protocol that has some', () => {
  const l7 = put('service-intentions', 'api', {
    Sources: [{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] }],
  });
  const http = put('service-defaults', 'api', { Protocol: 'http' });
  const allHttp = put('proxy-defaults', 'global', { Config: { protocol: 'http' } });
  const refused = ['service "api" has protocol "tcp", which is incompatible with L7 intentions permissions'];

  it.each<[string, Op[], Op, string[]]>([
    ['written for tcp', [], l7, refused],
    ['written for http', [http], l7, []],
    ['and service-defaults turns to tcp', [http, l7], put('service-defaults', 'api', { Protocol: 'tcp' }), refused],
    ['and service-defaults goes', [http, l7], drop('service-defaults', 'api'), refused],
    ['and service-defaults goes, but proxy-defaults says http', [allHttp, http, l7], drop('service-defaults', 'api'), []],
    ['and proxy-defaults goes', [allHttp, l7], drop('proxy-defaults', 'global'), refused],
    ['and proxy-defaults turns to tcp', [allHttp, l7], put('proxy-defaults', 'global', { Config: { protocol: 'tcp' } }), refused],
    ['and they go', [http, l7], drop('service-intentions', 'api'), []],
    ['and another service changes', [http, l7], put('service-defaults', 'web', { Protocol: 'tcp' }), []],
  ])('%s', (_, before, op, expected) => {
    expect(check(before, op)).toEqual(expected);
  });

  it('does not ask this of plain intentions', () => {
    expect(check([], put('service-intentions', 'api', { Sources: [{ Name: 'web', Action: 'deny' }] }))).toEqual([]);
  });
});

describe('entries that others lead to', () => {
  const http = put('proxy-defaults', 'global', { Config: { protocol: 'http' } });
  const split = (name: string, to: string, subset: string) =>
    put('service-splitter', name, { Splits: [{ Weight: 100, Service: to, ServiceSubset: subset }] });
  const subsets = put('service-resolver', 'API', { Subsets: { v1: {} } });
  const missing = ['service "api" does not have a subset named "v1"'];

  it.each<[string, Op[], Op, string[]]>([
    ['a subset that is there', [http, subsets], split('web', 'api', 'v1'), []],
    ['a subset that is not', [http], split('web', 'api', 'v1'), missing],
    ['and the resolver goes', [http, subsets, split('web', 'api', 'v1')], drop('service-resolver', 'api'), missing],
    ['and the subset goes', [http, subsets, split('web', 'api', 'v1')], put('service-resolver', 'api'), missing],
    ['and another service changes', [http, subsets, split('web', 'api', 'v1')], put('service-resolver', 'other'), []],
    [
      'and its protocol changes',
      [http, subsets, split('web', 'api', 'v1')],
      put('service-defaults', 'api', { Protocol: 'tcp' }),
      ['discovery chain "web" uses a protocol "tcp" that does not permit advanced routing or splitting behavior'],
    ],
    [
      'and requests turn to bytes',
      [http, subsets, split('web', 'api', 'v1')],
      drop('proxy-defaults', 'global'),
      ['discovery chain "web" uses a protocol "tcp" that does not permit advanced routing or splitting behavior'],
    ],
  ])('%s', (_, before, op, expected) => {
    expect(check(before, op)).toEqual(expected);
  });
});
