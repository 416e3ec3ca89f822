import { describe, expect, it } from 'vitest';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { checkEntryChanges } from '../../src/compile/check.ts';
import { drop, put, snapshotOf } from '../catalog/registrations.ts';

type EntryOp = Op & { type: 'put-entry' | 'delete-entry' };
const checkAll = (before: Op[], ...ops: Op[]): string[] => {
  const start = snapshotOf(...before);
  const after = ops.reduce((snapshot, op) => transact(snapshot, op).snapshot, start);
  return checkEntryChanges(start, after, ops as EntryOp[]).map((error) => error.message);
};
const check = (before: Op[], op: Op): string[] => checkAll(before, op);

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

describe('ingress gateways', () => {
  const http = put('service-defaults', 'web', { Protocol: 'http' });
  const ingress = (protocol: string, ...names: string[]) =>
    put('ingress-gateway', 'in', { Listeners: [{ Port: 80, Protocol: protocol, Services: names.map((Name) => ({ Name })) }] });
  const route = put('service-router', 'web', { Routes: [] });
  const mismatch = (has: string, listener: string) => [
    `service "web" has protocol "${has}", which does not match defined listener protocol "${listener}"`,
  ];

  it.each<[string, Op[], Op, string[]]>([
    ['of what its services speak', [http], ingress('http', 'web'), []],
    ['of another protocol', [http], ingress('tcp', 'web'), mismatch('http', 'tcp')],
    ['of any service', [], ingress('http', '*'), []],
    ['and its service turns to bytes', [http, ingress('http', 'web')], drop('service-defaults', 'web'), mismatch('tcp', 'http')],
    ['of bytes, and its service turns to requests', [ingress('tcp', 'web')], http, []],
    ['of bytes, and its service is routed', [http, ingress('tcp', 'web')], route, mismatch('http', 'tcp')],
    [
      'and all turn to requests',
      [ingress('http2', 'web')],
      put('proxy-defaults', 'global', { Config: { protocol: 'http' } }),
      mismatch('http', 'http2'),
    ],
    ['and it goes', [http, ingress('http', 'web')], drop('ingress-gateway', 'in'), []],
    [
      'of the name of a terminating gateway',
      [put('terminating-gateway', 'in')],
      ingress('tcp', 'web'),
      ['cannot create a "ingress-gateway" config entry with name "in", a "terminating-gateway" config entry with that name already exists'],
    ],
  ])('%s', (_, before, op, expected) => {
    expect(check(before, op)).toEqual(expected);
  });
});

describe('what must be there first', () => {
  const permissive = put('service-defaults', 'web', { MutualTLSMode: 'permissive' });
  const allowed = put('mesh', 'mesh', { AllowEnablingPermissiveMutualTLS: true });
  const token = put('service-intentions', 'web', { Sources: [{ Name: 'api', Action: 'allow' }], JWT: { Providers: [{ Name: 'okta' }] } });
  const exported = (Name: string) => put('exported-services', 'default', { Services: [{ Name, Consumers: [{ Peer: 'east' }] }] });
  const away = put('service-resolver', 'web', { Failover: { '*': { Datacenters: ['dc2'] } } });

  it.each<[string, Op[], Op, string[]]>([
    [
      'the permission to be permissive',
      [],
      permissive,
      ['cannot set MutualTLSMode=permissive because AllowEnablingPermissiveMutualTLS=false in the mesh config entry'],
    ],
    ['which is there', [allowed], permissive, []],
    ['which is needed once', [allowed, permissive, drop('mesh', 'mesh')], permissive, []],
    ['an issuer of tokens', [], token, ['1 error occurred:\n\t* Referenced JWT Provider does not exist. Provider Name: okta\n\n']],
    ['who is there', [put('jwt-provider', 'okta', { JSONWebKeySet: { Local: { Filename: 'keys' } } })], token, []],
    ['a service that stays here, for peers', [away], exported('web'), ['peer exported service "web" contains cross-datacenter failover']],
    ['any service that stays here, for peers', [away], exported('*'), ['peer exported service "web" contains cross-datacenter failover']],
    ['and it goes away later', [exported('web')], away, ['peer exported service "web" contains cross-datacenter failover']],
  ])('%s', (_, before, op, expected) => {
    expect(check(before, op)).toEqual(expected);
  });
});

describe('several changes at once', () => {
  const defaults = (name: string, Protocol: string) => put('service-defaults', name, { Protocol });
  const route = (to: string) => put('service-router', 'web', { Routes: [{ Destination: { Service: to } }] });
  const before = [defaults('web', 'http'), defaults('api', 'http'), route('api')];

  it('lets protocols change that must be the same', () => {
    expect(check(before, defaults('api', 'grpc'))).toEqual([
      'discovery chain "web" uses inconsistent protocols; service "api" has "grpc" which is not "http"',
    ]);
    expect(checkAll(before, defaults('api', 'grpc'), defaults('web', 'grpc'))).toEqual([]);
  });

  it('lets a service get another name', () => {
    expect(checkAll(before, route('api2'), defaults('api2', 'http'), drop('service-defaults', 'api'))).toEqual([]);
  });

  it('refuses what does not fit together in the end', () => {
    expect(checkAll(before, drop('service-router', 'web'), defaults('web', 'tcp'), route('api'))).not.toEqual([]);
  });
});
