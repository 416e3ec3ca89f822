import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/catalog/types.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { InboundListener } from '../../src/compile/proxy-config.ts';
import { put, register, service, sidecar, snapshotOf } from '../catalog/registrations.ts';

function inboundOf(...ops: Op[]): InboundListener {
  const payments = register('n1', [service('payments', { Port: 9090 }), sidecar('payments')]);
  const built = buildProxyConfig(snapshotOf(payments, ...ops), 'dc1/n1/payments-sidecar-proxy', { trustDomain: 'td', extraLoopback: true });
  if (!built.ok) throw new Error(built.error[0]?.summary);
  return built.value.inbound!;
}

const http = put('service-defaults', 'payments', { Protocol: 'http' });
const permissions = [
  { Action: 'deny', HTTP: { PathPrefix: '/admin', Header: [{ Name: 'X-Role', Exact: 'root', Invert: true }] } },
  { Action: 'allow', HTTP: { PathRegex: '/v[12]/.*', Methods: ['GET', 'HEAD'] } },
  { Action: 'allow', HTTP: { PathExact: '/healthz', Header: [{ Name: 'x', Present: true }] } },
];
const intentions = put('service-intentions', 'payments', {
  Sources: [
    { Name: 'web', Permissions: permissions },
    { Name: '*', Action: 'deny' },
  ],
});

describe('intentions of an inbound listener', () => {
  it('have the permissions of the entry, in order', () => {
    expect(inboundOf(http, intentions).intentions).toEqual([
      {
        source: 'web',
        action: 'deny',
        precedence: 9,
        permissions: [
          {
            action: 'deny',
            match: { pathPrefix: '/admin', headers: [{ name: 'x-role', type: 'exact', value: 'root', invert: true }] },
          },
          { action: 'allow', match: { pathRegex: '/v[12]/.*', methods: ['GET', 'HEAD'] } },
          { action: 'allow', match: { pathExact: '/healthz', headers: [{ name: 'x', type: 'present', value: '', invert: false }] } },
        ],
      },
      { source: '*', action: 'deny', precedence: 8 },
    ]);
  });

  it('deny with permissions where there are no requests to look at', () => {
    const rules = [
      { source: 'web', action: 'deny', precedence: 9 },
      { source: '*', action: 'deny', precedence: 8 },
    ];
    expect(inboundOf(intentions).intentions).toEqual(rules);
  });
});

describe('request normalization of an inbound listener', () => {
  const mesh = (RequestNormalization: object): Op => put('mesh', 'mesh', { HTTP: { Incoming: { RequestNormalization } } });

  it.each([
    [{}, undefined],
    [{ PathWithEscapedSlashesAction: 'KEEP_UNCHANGED', HeadersWithUnderscoresAction: 'ALLOW' }, undefined],
    [
      { InsecureDisablePathNormalization: true, MergeSlashes: true },
      { keepPaths: true, mergeSlashes: true },
    ],
    [
      { PathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT', HeadersWithUnderscoresAction: 'DROP_HEADER' },
      { escapedSlashes: 'redirect', underscores: 'drop' },
    ],
  ])('%j', (written, expected) => {
    expect(inboundOf(http, mesh(written)).normalization).toEqual(expected);
    expect(inboundOf(mesh(written)).normalization).toBeUndefined();
  });
});

describe('tokens of an inbound listener', () => {
  const asks = (Name: string, ...VerifyClaims: object[]) => ({ Providers: [{ Name, VerifyClaims }] });
  const JWKS = Buffer.from('{"keys":[]}').toString('base64');
  const okta = put('jwt-provider', 'okta', { Issuer: 'okta', JSONWebKeySet: { Local: { JWKS } } });
  const idp = put('jwt-provider', 'idp', {
    JSONWebKeySet: {
      Remote: {
        URI: 'https://idp/keys',
        RequestTimeoutMs: 700,
        CacheDuration: 60e9,
        RetryPolicy: { NumRetries: 2, RetryPolicyBackOff: { BaseInterval: 50e6 } },
        JWKSCluster: { TLSCertificates: { TrustedCA: { InlineString: 'PEM' } } },
      },
    },
    Audiences: ['a'],
    Locations: [
      { Header: { Name: 'X-Token', ValuePrefix: 'T ', Forward: true } },
      { QueryParam: { Name: 'q' } },
      { Cookie: { Name: 'c' } },
    ],
    Forwarding: { HeaderName: 'X-Payload', PadForwardPayloadHeader: true },
    CacheConfig: { Size: 7 },
  });
  const written = put('service-intentions', 'payments', {
    JWT: asks('okta'),
    Sources: [
      { Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' }, JWT: asks('idp', { Path: ['a', 'b'], Value: 'v' }) }] },
    ],
  });

  it('are those that its intentions name, with the defaults of Envoy', () => {
    const { intentions: rules, jwtProviders } = inboundOf(
      http,
      okta,
      idp,
      put('jwt-provider', 'unused', { JSONWebKeySet: { Local: { JWKS } } }),
      written,
    );
    expect(rules).toMatchObject([
      {
        source: 'web',
        tokens: { providers: [{ name: 'okta', claims: [] }] },
        permissions: [{ tokens: { providers: [{ name: 'idp', claims: [{ path: ['a', 'b'], value: 'v' }] }] } }],
      },
    ]);
    expect(jwtProviders).toEqual([
      {
        name: 'idp',
        audiences: ['a'],
        keys: {
          uri: 'https://idp/keys',
          timeoutMs: 700,
          cacheMs: 60_000,
          retries: 2,
          backOffMs: 50,
          maxBackOffMs: 500,
          ca: { pem: 'PEM' },
        },
        locations: [{ header: 'x-token', prefix: 'T ' }, { parameter: 'q' }, { cookie: 'c' }],
        forward: true,
        payloadHeader: { name: 'x-payload', padded: true },
        clockSkewMs: 30_000,
        cacheSize: 7,
      },
      {
        name: 'okta',
        issuer: 'okta',
        keys: { jwks: '{"keys":[]}' },
        locations: [{ header: 'authorization', prefix: 'Bearer ' }, { parameter: 'access_token' }],
        forward: false,
        clockSkewMs: 30_000,
        cacheSize: 100,
      },
    ]);
  });

  it('deny where there are no requests to look at', () => {
    const { intentions: rules, jwtProviders } = inboundOf(okta, idp, written);
    expect(rules).toEqual([{ source: 'web', action: 'deny', precedence: 9 }]);
    expect(jwtProviders).toBeUndefined();
  });
});
