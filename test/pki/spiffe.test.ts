import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatIdentity,
  formatSpiffeId,
  parseIdentity,
  parseSpiffeId,
  serviceIdentity,
  trustDomainIdentity,
} from '../../src/pki/spiffe.ts';

const DOMAIN = '4e70fb75-1e2f-0222-be56-b37fad436501.consul';

describe('SPIFFE ids', () => {
  it('names a service, case kept', () => {
    expect(serviceIdentity(DOMAIN, 'dc1', 'My_Svc.x')).toBe(`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/My_Svc.x`);
    expect(trustDomainIdentity(DOMAIN)).toBe(`spiffe://${DOMAIN}`);
  });

  it('reads escaped parts', () => {
    const result = parseSpiffeId(`SPIFFE://${DOMAIN.toUpperCase()}/ns/default/dc/dc%31/svc/a%2Fb`);
    expect(result).toEqual({
      ok: true,
      id: { trustDomain: DOMAIN, namespace: 'default', datacenter: 'dc1', service: 'a/b' },
      uri: `spiffe://${DOMAIN}/ns/default/dc/dc1/svc/a%2Fb`,
    });
  });

  it.each([
    ['https://x/ns/default/dc/dc1/svc/web', "SPIFFE ID must have 'spiffe' scheme"],
    ['', "SPIFFE ID must have 'spiffe' scheme"],
    [`spiffe://${DOMAIN}`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/agent/client/dc/dc1/id/n`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web/`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/../svc/web`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web?x=1`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web#x`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/%zz`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/%ff`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web\0`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web, URI:x`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://user@${DOMAIN}/ns/default/dc/dc1/svc/web`, 'SPIFFE ID is not in the expected format'],
    [`spiffe://${DOMAIN}:8443/ns/default/dc/dc1/svc/web`, 'SPIFFE ID is not in the expected format'],
  ])('refuses %s', (uri, error) => expect(parseSpiffeId(uri)).toEqual({ ok: false, error }));

  it('brings any name back, as printable ASCII in one segment', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(name, name, (datacenter, service) => {
        const id = { trustDomain: DOMAIN, namespace: 'default', datacenter, service };
        const uri = formatSpiffeId(id);
        expect(uri).toMatch(/^[\x21-\x7e]+$/);
        expect(parseSpiffeId(uri)).toEqual({ ok: true, id, uri });
      }),
    );
  });

  it('has no empty part', () => expect(() => serviceIdentity(DOMAIN, 'dc1', '')).toThrow('empty'));
});

describe('ids of what is no service', () => {
  it.each([
    ['spiffe://X.consul/agent/client/dc/dc1/id/a%20b', { kind: 'agent', trustDomain: 'x.consul', datacenter: 'dc1', id: 'a b' }],
    ['spiffe://x.consul/agent/server/dc/dc1', { kind: 'server', trustDomain: 'x.consul', datacenter: 'dc1' }],
    ['spiffe://x.consul/gateway/mesh/dc/dc1', { kind: 'mesh-gateway', trustDomain: 'x.consul', datacenter: 'dc1' }],
    ['spiffe://x.consul', { kind: 'ca', trustDomain: 'x.consul' }],
    [
      'spiffe://x.consul/ns/default/dc/dc1/svc/web',
      { kind: 'service', trustDomain: 'x.consul', namespace: 'default', datacenter: 'dc1', service: 'web' },
    ],
  ])('%s', (uri, identity) => {
    const read = parseIdentity(uri);
    expect(read).toMatchObject({ ok: true, identity });
    if (read.ok) expect(parseIdentity(formatIdentity(read.identity))).toEqual(read);
  });

  it.each([
    'http://x.consul',
    'spiffe://x.consul/',
    'spiffe://x.consul/agent/client/dc/dc1',
    'spiffe://x.consul/gateway/mesh/dc/dc1/x',
    'bogus',
  ])('%s is none', (uri) => {
    expect(parseIdentity(uri).ok).toBe(false);
  });
});
