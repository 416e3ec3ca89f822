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
