import { describe, expect, it } from 'vitest';
import type { TopologyEdge } from '../../../src/api/topology.ts';
import { edgesText, seenEdges, verifiedEdges } from '../../../src/app/cli/edges-view.ts';
import { countsSoFar } from '../../../src/app/top/so-far.ts';
import type { ProbeOutcome } from '../../../src/compile/proxy-config.ts';
import { styleOf } from '../../../src/ui/style.ts';
import { arrived, flow, traffic } from '../top/traffic.ts';

const style = await styleOf(false);
const id = (service: string): string => `spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/${service}`;

const edge = (more: Partial<TopologyEdge> = {}): TopologyEdge => ({
  source: 'web',
  sourceDatacenter: 'dc1',
  destination: 'payments',
  destinationDatacenter: 'dc1',
  upstream: 'payments',
  listens: ['127.0.0.1:9091'],
  protocol: 'http',
  subsets: ['v1', 'v2'],
  identity: id('web'),
  expects: [id('payments')],
  intention: 'deny',
  rule: 'intention deny web => payments (precedence 9)',
  tls: 'mutual',
  tlsVersion: '1.3',
  ...more,
});
const rates = edge({
  destination: 'rates',
  expects: [id('rates')],
  subsets: [''],
  intention: 'allow',
  rule: 'no intention matches, the default is allow',
});
const counts = countsSoFar(
  traffic(1000, flow({ answers: { '2xx': 3, '5xx': 1 } }), flow({ destination: 'rates' }), arrived({ denied: 2 })),
);

describe('mesh edges', () => {
  it('says of each edge what was called and refused, where it listens, who is at its ends and why', () => {
    expect(edgesText(seenEdges([edge(), rates], counts), style, 80).split('\n')).toEqual([
      'SOURCE  DESTINATION  PROTOCOL  TLS         INTENTION  CALLS  SUCCESS  DENIED',
      'web     payments     http      mutual 1.3  deny           4    25.0%       2',
      '  upstream payments at 127.0.0.1:9091, subsets v1, v2',
      '  dc1/web -> dc1/payments: intention deny web => payments (precedence 9)',
      'web     rates        http      mutual 1.3  allow          -        -       -',
      '  upstream payments at 127.0.0.1:9091',
      '  dc1/web -> dc1/rates: no intention matches, the default is allow',
    ]);
  });

  it.each([60, 80, 120])('is no wider than %d columns', (width) => {
    const long = edge({
      source: 'a-service-with-a-long-name',
      destination: 'another-service-with-a-long-name',
      listens: Array(9).fill('127.0.0.1:9091'),
    });
    for (const line of edgesText(seenEdges([long], []), style, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('counts what a caller has seen by the upstream it took, and whom the other end refused once', () => {
    const other = edge({ upstream: 'alias' });
    const [first, second] = seenEdges(
      [edge(), other],
      countsSoFar(traffic(1, flow({ answers: { '2xx': 1 } }), flow({ upstream: 'alias', answers: { '2xx': 2 } }), arrived({ denied: 2 }))),
    );
    expect([first!.soFar, second!.soFar]).toMatchObject([
      { calls: 1, denied: 2 },
      { calls: 2, denied: 0 },
    ]);
  });

  describe('with --verify', () => {
    const verified = (outcome: ProbeOutcome | undefined) =>
      verifiedEdges(seenEdges([edge(), rates], []), new Map(outcome ? [['dc1/web', { payments: outcome }]] : [])).map(
        ({ handshake }) => handshake,
      );
    const handshake = (server: string, client = 'web') => ({ client: id(client), server: id(server) });

    it('takes an identity from the handshake of each service that an upstream leads to, refused or not', () => {
      const [payments, others] = verified({ state: 'denied', handshakes: [handshake('payments'), handshake('rates')] });
      expect(payments).toEqual({ state: 'ok', client: id('web'), server: id('payments') });
      expect(others).toMatchObject({ state: 'ok', server: id('rates') });
    });

    it.each<[string, ProbeOutcome | undefined]>([
      ['no sidecar of the agent has this upstream', undefined],
      ['no endpoint', { state: 'failed', reason: 'no endpoint' }],
      [`${id('rates')} has answered`, { state: 'ok', seen: handshake('rates') }],
      ['nobody with this identity has answered', { state: 'ok', handshakes: [handshake('rates')] }],
      [`the caller was taken for ${id('api')}`, { state: 'ok', seen: handshake('payments', 'api') }],
      ['no identity was shown', { state: 'ok' }],
    ])('says: %s', (reason, outcome) => {
      expect(verified(outcome)[0]).toEqual({ state: 'failed', reason });
    });

    it('shows it below the edge', () => {
      const shown = verifiedEdges(
        seenEdges([edge(), edge({ tls: 'originated' })], []),
        new Map([['dc1/web', { payments: { state: 'ok', seen: handshake('payments') } }]]),
      );
      expect(edgesText(shown, style).match(/verified/g)).toHaveLength(1);
      expect(edgesText(shown, style)).toContain('\n  verified: dc1/web -> dc1/payments\n');
    });
  });

  it('says that there are none', () => {
    expect(edgesText([], style)).toMatch(/^Nobody is to call anybody/);
  });
});
