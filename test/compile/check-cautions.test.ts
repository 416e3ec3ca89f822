import { describe, expect, it } from 'vitest';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import type { EntryWrite } from '../../src/compile/check.ts';
import { entryCautions } from '../../src/compile/check-cautions.ts';
import { drop, put, snapshotOf } from '../catalog/registrations.ts';

const cautions = (before: Op[], op: Op): string[] =>
  entryCautions(transact(snapshotOf(...before), op).snapshot, [op as EntryWrite]).map(({ summary }) => summary);
const intentions = (name: string, Sources: readonly object[], more: object = {}) => put('service-intentions', name, { Sources, ...more });
const from = (Name: string, Action: string) => ({ Name, Action });

describe('tokens of a service without requests', () => {
  const JWT = { Providers: [{ Name: 'okta' }] };
  const http = put('service-defaults', 'api', { Protocol: 'http' });
  const asks = intentions('api', [from('web', 'allow')], { JWT });
  const denies = ['the intentions of "api" ask for tokens, but its protocol is "tcp": they deny every connection'];

  it.each<[string, Op[], Op, string[]]>([
    ['written for tcp', [], asks, denies],
    ['written for http', [http], asks, []],
    ['and service-defaults turns to tcp', [http, asks], put('service-defaults', 'API', { Protocol: 'tcp' }), denies],
    ['and service-defaults goes', [http, asks], drop('service-defaults', 'api'), denies],
    [
      'and proxy-defaults goes',
      [put('proxy-defaults', 'global', { Config: { protocol: 'http' } }), asks],
      drop('proxy-defaults', 'global'),
      denies,
    ],
    ['and another service changes', [asks], put('service-defaults', 'web', { Protocol: 'tcp' }), []],
    ['where nobody is allowed anyway', [], intentions('api', [from('web', 'deny')], { JWT }), []],
    [
      'for all services',
      [],
      intentions('*', [from('web', 'allow')], { JWT }),
      ['the intentions of * ask for tokens: they deny every connection to services that do not speak http, http2 or grpc'],
    ],
  ])('%s', (_, before, op, expected) => {
    expect(cautions(before, op)).toEqual(expected);
  });
});

describe('an intention that never decides', () => {
  const webToAll = intentions('*', [from('web', 'deny'), from('*', 'allow')]);
  const allToApi = intentions('api', [from('*', 'allow')]);
  const hidden = ['web => * (deny, precedence 6) never decides about calls of api: * => api (allow, precedence 8) comes first'];
  const http = put('service-defaults', 'api', { Protocol: 'http' });

  it.each<[string, Op[], Op, string[]]>([
    ['the one that hides it is written', [webToAll], allToApi, hidden],
    ['it is written', [allToApi], webToAll, hidden],
    ['another is written', [allToApi, webToAll], intentions('db', [from('web', 'allow')]), []],
    ['an exact one decides', [webToAll], intentions('api', [from('*', 'allow'), from('WEB', 'deny')]), []],
    ['both say the same', [webToAll], intentions('api', [from('*', 'deny')]), []],
    ['it goes', [webToAll, allToApi], drop('service-intentions', '*'), []],
    ['of cluster peers', [webToAll], intentions('api', [{ Name: '*', Peer: 'east', Action: 'allow' }]), []],
    [
      'behind permissions',
      [webToAll, http],
      intentions('api', [{ Name: '*', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] }]),
      ['web => * (deny, precedence 6) never decides about calls of api: * => api (permissions, precedence 8) comes first'],
    ],
  ])('%s', (_, before, op, expected) => {
    expect(cautions(before, op)).toEqual(expected);
  });
});

describe('copies of requests', () => {
  const to = (service: string, Protocol = 'http', more: object = {}) =>
    put('service-defaults', 'api', { Protocol, Meta: { 'mesh.mirror/service': service, ...more } });
  const next = put('service-defaults', 'next', { Protocol: 'http' });
  const v2 = { 'mesh.mirror/subset': 'v2' };

  it.each<[string, Op[], Op, string[]]>([
    ['to a service of the same protocol', [next], to('next'), []],
    ['to another protocol', [], to('next'), ['no request to api is copied to next: it speaks tcp, and api http']],
    [
      'to a subset that is not there',
      [next],
      to('next', 'http', v2),
      ['no request to api is copied to next: service "next" does not have a subset named "v2"'],
    ],
    ['to a subset', [next, put('service-resolver', 'next', { Subsets: { v2: { Filter: '' } } })], to('next', 'http', v2), []],
    ['of bytes', [next], to('next', 'tcp'), ["no request to api is copied to next: api speaks tcp, of which requests can't be told apart"]],
  ])('%s', (_, before, op, expected) => {
    expect(cautions(before, op)).toEqual(expected);
  });
});
