import { describe, expect, it } from 'vitest';
import { DNS_DEFAULTS, serviceTtl } from '../../src/dns/config.ts';
import { below, parseLookup } from '../../src/dns/names.ts';

describe('names below the domain', () => {
  it.each([
    ['dev1.node', { kind: 'node', node: 'dev1', dc: undefined }],
    ['rack1.dev1.node.dc1', { kind: 'node', node: 'rack1.dev1', dc: 'dc1' }],
    ['service.node', { kind: 'node', node: 'service', dc: undefined }],
    ['web.service', { kind: 'service', service: 'web', tag: '', dc: undefined }],
    ['v1.web.Service.DC2', { kind: 'service', service: 'web', tag: 'v1', dc: 'DC2' }],
    ['v1.0.web.service', { kind: 'service', service: 'web', tag: 'v1.0', dc: undefined }],
    ['web.service.dc2.dc', { kind: 'service', service: 'web', tag: '', dc: 'dc2' }],
    ['web.service.default.ns.default.ap.dc2.dc', { kind: 'service', service: 'web', tag: '', dc: 'dc2' }],
    ['_web._tcp.service', { kind: 'service', service: 'web', tag: '', dc: undefined }],
    ['_web._v1.service.dc1', { kind: 'service', service: 'web', tag: 'v1', dc: 'dc1' }],
    ['web.connect.dc1', { kind: 'connect', service: 'web', dc: 'dc1' }],
    ['web.ingress', { kind: 'ingress', service: 'web', dc: undefined }],
    ['web.virtual', { kind: 'virtual', service: 'web', dc: undefined }],
    ['a.b.query', { kind: 'query', query: 'a.b', dc: undefined }],
    ['_q._tcp.query.dc1', { kind: 'query', query: 'q', dc: 'dc1' }],
    ['0a010203.addr.dc1', { kind: 'addr', address: '10.1.2.3', dc: 'dc1' }],
    ['fe800000000000000000000000000001.addr', { kind: 'addr', address: 'fe80::1', dc: undefined }],
  ])('%s', (name, lookup) => expect(parseLookup(name)).toEqual(lookup));

  it.each([
    '',
    'web',
    'service',
    'node',
    'web.nowhere',
    'zz.addr',
    '0a0102.addr',
    'web.service.a.b',
    'web.service.a.b.c',
    'web.service.other.ns',
  ])('%j leads nowhere', (name) => expect(parseLookup(name)).toBeUndefined());

  it.each([
    ['web.service.consul', 'consul', 'web.service'],
    ['WEB.Service.Consul', 'consul', 'WEB.Service'],
    ['consul', 'consul', ''],
    ['notconsul', 'consul', undefined],
    ['web.service.mesh.local', 'mesh.local', 'web.service'],
  ])('%s in %s', (name, domain, rest) => expect(below(name, domain)).toBe(rest));
});

it.each([
  ['web', 7],
  ['WEB', 7],
  ['webhook', 5],
  ['other', 1],
])('the longest beginning decides how long %s is kept', (service, ttl) => {
  expect(serviceTtl({ ...DNS_DEFAULTS, serviceTtl: { web: 7, 'we*': 3, 'web*': 5, '*': 1 } }, service)).toBe(ttl);
});
