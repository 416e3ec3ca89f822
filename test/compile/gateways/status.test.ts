import { describe, expect, it } from 'vitest';
import { entry } from '../../../src/catalog/queries.ts';
import type { Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { Op } from '../../../src/catalog/types.ts';
import { gatewayUpdates } from '../../../src/compile/gateways/status.ts';
import type { Status } from '../../../src/entries/gateways/reference.ts';
import { drop, put, snapshotOf } from '../../catalog/registrations.ts';

/** Each operation, and what the agent writes beside it, at a second of its own. */
function settle(ops: readonly Op[], from: Snapshot = snapshotOf()): Snapshot {
  return ops.reduce((before, op, i) => {
    const { snapshot } = transact(before, op);
    const now = `2026-01-01T00:00:0${i}.000Z`;
    return gatewayUpdates(snapshot, 'dc1', now).reduce((s, update) => transact(s, update).snapshot, snapshot);
  }, from);
}

const statusOf = (s: Snapshot, kind: string, name: string): Status =>
  (entry(s, 'dc1', kind, name).value as unknown as { Status: Status }).Status;

/** `Bound=False FailedToBind gw/http: why` */
const said = (s: Snapshot, kind: string, name: string): string[] =>
  (statusOf(s, kind, name).Conditions ?? []).map(({ Type, Status, Reason, Message, Resource }) => {
    const at = Resource?.Name ? ` ${Resource.Name}/${Resource.SectionName}` : '';
    return `${Type}=${Status} ${Reason}${at}: ${Message}`;
  });

const gateway = put('api-gateway', 'gw', {
  Listeners: [
    { Name: 'http', Port: 80, Protocol: 'http', Hostname: '*.shop.com' },
    { Name: 'tcp', Port: 90, Protocol: 'tcp' },
  ],
});
const secure = put('api-gateway', 'gw', {
  Listeners: [{ Name: 'tls', Port: 443, Protocol: 'http', TLS: { Certificates: [{ Kind: 'file-system-certificate', Name: 'c' }] } }],
});
const certificate = put('file-system-certificate', 'c', { Certificate: '/c', PrivateKey: '/k' });
const http = put('service-defaults', 'web', { Protocol: 'http' });
const route = (more: object = {}) =>
  put('http-route', 'r', { Parents: [{ Name: 'gw' }], Rules: [{ Services: [{ Name: 'web' }] }], ...more });
const tcpRoute = (name: string, section = '') =>
  put('tcp-route', name, { Parents: [{ Name: 'gw', SectionName: section }], Services: [{ Name: 'db' }] });

const BOUND = ['Accepted=True Accepted: route is valid', 'Bound=True Bound gw/: successfully bound route'];
const failed = (why: string, section = ''): string[] => [
  'Accepted=True Accepted: route is valid',
  `Bound=False FailedToBind gw/${section}: ${why}`,
];

describe('routes', () => {
  it.each<[string, Op[], string[]]>([
    ['bound to a listener of their protocol', [gateway, http, route()], BOUND],
    ['written before their gateway', [http, route(), gateway], BOUND],
    [
      'of a gateway that is not there',
      [http, route()],
      ['Accepted=True Accepted: route is valid', 'Bound=False GatewayNotFound gw/: gateway was not found'],
    ],
    [
      'of a gateway that went',
      [gateway, http, route(), drop('api-gateway', 'gw')],
      ['Accepted=True Accepted: route is valid', 'Bound=False GatewayNotFound gw/: gateway was not found'],
    ],
    ['of a host of the listener', [gateway, http, route({ Hostnames: ['a.shop.com'] })], BOUND],
    [
      'of another host',
      [gateway, http, route({ Hostnames: ['a.com'] })],
      failed('failed to bind route to gateway gw: listener http is does not have any hostnames that match the route'),
    ],
    [
      'without services',
      [gateway, route({ Rules: [] })],
      [
        'Accepted=False NoUpstreamServicesTargeted: route must target at least one upstream service',
        'Bound=False FailedToBind gw/: failed to bind route to gateway gw: route has not been accepted',
      ],
    ],
    [
      'to a service of bytes',
      [gateway, route()],
      [
        'Accepted=False InvalidDiscoveryChain: route protocol does not match targeted service protocol',
        'Bound=False FailedToBind gw/: failed to bind route to gateway gw: route has not been accepted',
      ],
    ],
    ['to a service that turns to requests', [gateway, route(), http], BOUND],
    [
      'for a listener of another protocol',
      [gateway, http, route({ Parents: [{ Name: 'gw', SectionName: 'tcp' }] })],
      failed('failed to bind route r to gateway gw: listener tcp is not a http listener', 'tcp'),
    ],
    [
      'for a listener that is not there',
      [gateway, http, route({ Parents: [{ Name: 'gw', SectionName: 'x' }] })],
      failed("failed to bind route r to gateway gw with listener 'x'", 'x'),
    ],
    [
      'of a gateway without its certificate',
      [secure, http, route()],
      failed('failed to bind route to gateway gw: gateway has not been accepted'),
    ],
  ])('%s', (_, ops, expected) => {
    expect(said(settle(ops), 'http-route', 'r')).toEqual(expected);
  });
});

describe('gateways', () => {
  const listener = (name: string, conflict = 'Conflicted=False NoConflict') => `${conflict} gw/${name}: `;

  it('say that their listeners are fit for use', () => {
    expect(said(settle([gateway]), 'api-gateway', 'gw')).toEqual([
      'ResolvedRefs=True ResolvedRefs gw/http: resolved refs',
      'ResolvedRefs=True ResolvedRefs gw/tcp: resolved refs',
      'Accepted=True Accepted: gateway is valid',
      `${listener('http')}listener has no route conflicts`,
      `${listener('tcp')}listener has no route conflicts`,
    ]);
  });

  it('name the listener that has two routes where one may be', () => {
    const after = settle([gateway, tcpRoute('a'), tcpRoute('b')]);
    expect(said(after, 'api-gateway', 'gw').at(-1)).toBe(
      `${listener('tcp', 'Conflicted=True RouteConflict')}TCP-based listeners currently only support binding a single route`,
    );
  });

  it('miss a certificate until it is there', () => {
    const missing = settle([secure]);
    expect(said(missing, 'api-gateway', 'gw').slice(0, 2)).toEqual([
      'ResolvedRefs=False InvalidCertificateRef gw/tls: certificate "c" not found',
      'Accepted=False InvalidCertificates: gateway references invalid certificates',
    ]);
    expect(said(settle([certificate], missing), 'api-gateway', 'gw')[1]).toBe('Accepted=True Accepted: gateway is valid');
  });

  it('have a bound-api-gateway beside them, as long as they are there', () => {
    const after = settle([secure, certificate, http, route()]);
    expect(entry(after, 'dc1', 'bound-api-gateway', 'gw').value).toMatchObject({
      Listeners: [
        {
          Name: 'tls',
          Routes: [{ Kind: 'http-route', Name: 'r', SectionName: '' }],
          Certificates: [{ Kind: 'file-system-certificate', Name: 'c', SectionName: '' }],
        },
      ],
      Services: { web: [{ Kind: 'http-route', Name: 'r', SectionName: '' }] },
    });
    expect(entry(settle([drop('api-gateway', 'gw')], after), 'dc1', 'bound-api-gateway', 'gw').value).toBeUndefined();
  });

  it('say since when something is so, and nothing twice', () => {
    const after = settle([secure, certificate]);
    expect(statusOf(after, 'api-gateway', 'gw').Conditions?.map((one) => one.LastTransitionTime?.at(-6))).toEqual(['1', '1', '0']);
    expect(settle([secure], after).index).toBe(after.index);
  });
});
