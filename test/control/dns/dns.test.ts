import * as oracle from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, Service, Unindexed } from '../../../src/catalog/types.ts';
import type { DnsListener } from '../../../src/control/dns/server.ts';
import { issueLeaf, signingKeyOf } from '../../../src/pki/leaf.ts';
import { createRoot } from '../../../src/pki/root.ts';
import { serviceIdentity } from '../../../src/pki/spiffe.ts';
import { service as anyService } from '../../catalog/registrations.ts';
import { openTestPlane, random, type TestPlane } from '../../control/harness.ts';
import { type Answer, ask, dig, hasDig, overTls } from './client.ts';

/** The same services as a Consul 1.8.7 had when its answers were written down; what differs says so. */
const service = (ID: string, more: Partial<Unindexed<Service>> = {}): Unindexed<Service> => anyService(ID, { Node: 'dev1', ...more });
const check = (ServiceID: string, Status: Check['Status']): Unindexed<Check> => ({
  Node: 'dev1',
  CheckID: `service:${ServiceID}`,
  Name: '',
  Status,
  Notes: '',
  Output: '',
  ServiceID,
  ServiceName: ServiceID,
  Type: 'ttl',
});

let test: TestPlane;
let dns: DnsListener;

beforeAll(async () => {
  test = await openTestPlane();
  const node = (Node: string, Address: string, dc = 'dc1') => ({
    Node,
    ID: `id-${Node}`,
    Address,
    Datacenter: dc,
    TaggedAddresses: {},
    Meta: { zone: 'a' },
  });
  const web = (n: number, more: Partial<Unindexed<Service>> = {}) =>
    service(`web${n}`, { Service: 'web', Port: 8079 + n, Address: `10.1.1.${n}`, ...more });
  await test.plane.commit([
    {
      type: 'register',
      dc: 'dc1',
      node: node('dev1', '127.0.0.2'),
      services: [
        web(1, { Tags: ['v1', 'Primary'] }),
        web(2, { Tags: ['v2'] }),
        web(3),
        web(4),
        web(5, { Address: '' }),
        service('db', { Port: 5432 }),
        service('db-sidecar-proxy', {
          Kind: 'connect-proxy',
          Port: 21000,
          Proxy: {
            DestinationServiceName: 'db',
            DestinationServiceID: 'db',
            LocalServiceAddress: '',
            LocalServicePort: 5432,
            Config: {},
            Upstreams: [],
          },
        }),
        service('ext', { Address: 'www.example.com' }),
        service('six', { Address: 'fe80::1' }),
        service('crit'),
        service('warn', { Weights: { Passing: 9, Warning: 2 } }),
        ...Array.from({ length: 60 }, (_, i) => service(`many${i}`, { Service: 'many', Address: `10.2.0.${i}` })),
      ],
      checks: [check('crit', 'critical'), check('warn', 'warning')],
    },
    { type: 'register', dc: 'dc1', node: node('named', 'host.example.com') },
    { type: 'register', dc: 'dc2', node: node('far', '10.9.9.9', 'dc2'), services: [service('web', { Node: 'far', Address: '10.9.9.8' })] },
  ]);
  dns = await test.plane.listenDns({
    host: '127.0.0.1',
    port: 0,
    config: { serviceTtl: { 'we*': 9 }, nodeTtl: 3, altDomain: 'mesh.local' },
    hosts: (name) => (name === 'web.container.shipyard.run' ? ['127.5.0.110'] : undefined),
  });
});

afterAll(() => test[Symbol.asyncDispose]());

const SOA = 'consul 0 SOA ns.consul hostmaster.consul 3600';
const EVERY_WEB = [1, 2, 3, 4].map((n) => `10.1.1.${n}`);

describe('the answers of Consul', () => {
  it.each<[string, string, Partial<Answer>]>([
    ['dev1.node.consul', 'A', { answers: ['dev1.node.consul 3 A 127.0.0.2'], additionals: ['dev1.node.consul 3 TXT zone=a'] }],
    ['dev1.node.dc1.consul', 'A', { answers: ['dev1.node.dc1.consul 3 A 127.0.0.2'] }],
    ['DEV1.Node.Consul', 'A', { answers: ['DEV1.Node.Consul 3 A 127.0.0.2'] }],
    ['dev1.node.consul', 'ANY', { answers: ['dev1.node.consul 3 A 127.0.0.2', 'dev1.node.consul 3 TXT zone=a'], additionals: [] }],
    ['dev1.node.consul', 'TXT', { answers: ['dev1.node.consul 3 TXT zone=a'] }],
    ['dev1.node.consul', 'AAAA', { rcode: 'NOERROR', answers: [], authorities: [SOA] }],
    ['named.node.consul', 'A', { answers: ['named.node.consul 3 CNAME host.example.com'] }],
    ['nope.node.consul', 'A', { rcode: 'NXDOMAIN', answers: [], authorities: [SOA] }],
    ['dev1.node.dc9.consul', 'A', { rcode: 'NXDOMAIN' }],
    ['v1.web.service.consul', 'A', { answers: ['v1.web.service.consul 9 A 10.1.1.1'] }],
    ['primary.web.service.consul', 'A', { answers: ['primary.web.service.consul 9 A 10.1.1.1'] }],
    ['a.b.web.service.consul', 'A', { rcode: 'NXDOMAIN', authorities: [SOA] }],
    ['web.service.dc2.consul', 'A', { answers: ['web.service.dc2.consul 9 A 10.9.9.8'] }],
    ['web.service.dc2.mesh.local', 'SRV', { answers: ['web.service.dc2.mesh.local 9 SRV 1 1 80 0a090908.addr.dc2.mesh.local'] }],
    [
      '_web._v2.service.consul',
      'SRV',
      {
        answers: ['_web._v2.service.consul 9 SRV 1 1 8081 0a010102.addr.dc1.consul'],
        additionals: ['0a010102.addr.dc1.consul 9 A 10.1.1.2', 'dev1.node.dc1.consul 9 TXT zone=a'],
      },
    ],
    ['db.service.consul', 'SRV', { answers: ['db.service.consul 0 SRV 1 1 5432 dev1.node.dc1.consul'] }],
    ['db.connect.consul', 'SRV', { answers: ['db.connect.consul 0 SRV 1 1 21000 dev1.node.dc1.consul'] }],
    ['db.virtual.consul', 'A', { answers: ['db.virtual.consul 0 A 240.0.0.1'] }],
    ['web.virtual.consul', 'A', { rcode: 'NXDOMAIN' }],
    ['ext.service.consul', 'A', { answers: ['ext.service.consul 0 CNAME www.example.com'] }],
    ['ext.service.consul', 'SRV', { answers: ['ext.service.consul 0 SRV 1 1 80 www.example.com'] }],
    ['six.service.consul', 'A', { rcode: 'NOERROR', answers: [], authorities: [SOA] }],
    ['six.service.consul', 'AAAA', { answers: ['six.service.consul 0 AAAA fe80::1'] }],
    [
      'six.service.consul',
      'SRV',
      {
        answers: ['six.service.consul 0 SRV 1 1 80 fe800000000000000000000000000001.addr.dc1.consul'],
        additionals: ['fe800000000000000000000000000001.addr.dc1.consul 0 AAAA fe80::1', 'dev1.node.dc1.consul 0 TXT zone=a'],
      },
    ],
    ['crit.service.consul', 'A', { rcode: 'NXDOMAIN' }],
    ['warn.service.consul', 'SRV', { answers: ['warn.service.consul 0 SRV 1 2 80 dev1.node.dc1.consul'] }],
    ['web.service.consul', 'MX', { rcode: 'NOERROR', answers: [], authorities: [SOA] }],
    [
      'consul',
      'SOA',
      { answers: [SOA], authorities: ['consul 3 NS local.node.dc1.consul'], additionals: ['local.node.dc1.consul 3 A 127.0.0.1'] },
    ],
    ['consul', 'NS', { answers: ['consul 3 NS local.node.dc1.consul'] }],
    ['ns.consul', 'A', { answers: ['ns.consul 3 A 127.0.0.1'] }],
    ['consul', 'A', { rcode: 'NXDOMAIN' }],
    ['foo.consul', 'A', { rcode: 'NXDOMAIN', authorities: [SOA] }],
    ['0a010101.addr.dc1.consul', 'A', { answers: ['0a010101.addr.dc1.consul 3 A 10.1.1.1'] }],
    ['1.1.1.10.in-addr.arpa', 'PTR', { answers: ['1.1.1.10.in-addr.arpa 3 PTR web.service.dc1.consul'] }],
    ['2.0.0.127.in-addr.arpa', 'PTR', { answers: ['2.0.0.127.in-addr.arpa 3 PTR dev1.node.dc1.consul'] }],
    [`1.${'0.'.repeat(27)}0.8.e.f.ip6.arpa`, 'PTR', { answers: [`1.${'0.'.repeat(27)}0.8.e.f.ip6.arpa 3 PTR six.service.dc1.consul`] }],
    ['web.container.shipyard.run', 'A', { answers: ['web.container.shipyard.run 0 A 127.5.0.110'] }],
    ['example.com', 'A', { rcode: 'REFUSED', flags: { aa: false, tc: false, ra: false } }],
    ['9.9.9.9.in-addr.arpa', 'PTR', { rcode: 'REFUSED', flags: { aa: false, tc: false, ra: false } }],
  ])('%s %s', async (name, type, expected) => {
    for (const over of ['udp', 'tcp'] as const) {
      const answer = await ask(dns.port, name, type, { udp: 4096, over });
      expect(answer).toMatchObject({ rcode: 'NOERROR', flags: { aa: true, tc: false, ra: false }, ...expected });
    }
  });
});

describe('several instances', () => {
  const addresses = ({ answers }: Answer): string[] => answers.map((answer) => answer.split(' ').at(-1)!).sort();

  it('all answer a client that says how much it takes, in changing order', async () => {
    const orders = await Promise.all(Array.from({ length: 30 }, () => ask(dns.port, 'web.service.consul', 'A', { udp: 1232 })));
    for (const answer of orders) expect(addresses(answer)).toEqual([...EVERY_WEB, '127.0.0.2']);
    expect(new Set(orders.map(({ answers }) => answers.join())).size).toBeGreaterThan(1);
  });

  it('three, with the addresses of their targets, answer one that does not', async () => {
    const { answers, additionals, flags } = await ask(dns.port, 'web.service.consul', 'SRV');
    expect(answers).toHaveLength(3);
    expect(additionals.map((line) => line.split(' ')[0])).toEqual(answers.map((line) => line.split(' ').at(-1)));
    expect(flags.tc).toBe(false);
  });

  it('as many as fit answer over UDP, all over TCP', async () => {
    const udp = await ask(dns.port, 'many.service.consul', 'SRV', { udp: 1000 });
    expect(udp.bytes).toBeLessThanOrEqual(1000);
    expect(udp.answers.length).toBeGreaterThan(10);
    expect(udp.answers.length).toBeLessThan(60);
    const tcp = await ask(dns.port, 'many.service.consul', 'SRV', { udp: 1000, over: 'tcp' });
    expect(tcp.answers).toHaveLength(60);
    expect(tcp.flags.tc).toBe(false);
  });
});

it('only those that pass, at most so many, and a mark on what was cut, where that is configured', async () => {
  const config = { onlyPassing: true, enableTruncate: true, aRecordLimit: 2, udpAnswerLimit: 1, nodeMetaTxt: false };
  await using other = await test.plane.listenDns({ host: '127.0.0.1', port: 0, config });
  expect(await ask(other.port, 'warn.service.consul', 'A')).toMatchObject({ rcode: 'NXDOMAIN' });
  expect((await ask(other.port, 'web.service.consul', 'A', { over: 'tcp' })).answers).toHaveLength(2);
  expect(await ask(other.port, 'web.service.consul', 'SRV')).toMatchObject({ flags: { tc: true } });
  expect(await ask(other.port, 'dev1.node.consul', 'A')).toMatchObject({ additionals: [] });
});

describe('what others know', () => {
  it('is asked of them, in order, and comes back as they say it', async () => {
    await using upstream = await test.plane.listenDns({
      host: '127.0.0.1',
      port: 0,
      config: { domain: 'example.com' },
      hosts: (name) => (name === 'www.example.com' ? ['192.0.2.1'] : undefined),
    });
    await using mute = await silent();
    await using own = await test.plane.listenDns({
      host: '127.0.0.1',
      port: 0,
      recursors: [`127.0.0.1:${mute.port}`, `127.0.0.1:${upstream.port}`],
      recursorTimeoutMs: 50,
    });
    expect(await ask(own.port, 'www.example.com', 'A')).toMatchObject({ answers: ['www.example.com 0 A 192.0.2.1'] });
    expect(await ask(own.port, 'many.service.example.com', 'A', { over: 'tcp' })).toMatchObject({ rcode: 'NOERROR' });
    expect(await ask(own.port, 'nope.example.com', 'A')).toMatchObject({ rcode: 'NXDOMAIN' });
    expect(await ask(own.port, 'ext.service.consul', 'A')).toMatchObject({
      flags: { ra: true },
      answers: ['ext.service.consul 0 CNAME www.example.com', 'www.example.com 0 A 192.0.2.1'],
    });
  });

  it('is a failure of the server when none of them says anything', async () => {
    await using mute = await silent();
    await using own = await test.plane.listenDns({
      host: '127.0.0.1',
      port: 0,
      recursors: [`127.0.0.1:${mute.port}`],
      recursorTimeoutMs: 20,
    });
    expect(await ask(own.port, 'www.example.com', 'A')).toMatchObject({ rcode: 'SERVFAIL', flags: { ra: true } });
  });
});

it('who holds the port keeps it', async () => {
  await expect(test.plane.listenDns({ host: '127.0.0.1', port: dns.port })).rejects.toThrow('EADDRINUSE');
});

describe.skipIf(!hasDig)('dig (skipped where it is not installed)', () => {
  it.each([
    [['+short', 'v1.web.service.consul'], ['10.1.1.1']],
    [['+short', 'v1.web.service.consul', 'SRV'], ['1 1 8080 0a010101.addr.dc1.consul.']],
    [['+short', '+tcp', 'dev1.node.consul'], ['127.0.0.2']],
    [['+short', '-x', '10.1.1.1'], ['web.service.dc1.consul.']],
    [['+short', 'web.container.shipyard.run'], ['127.5.0.110']],
    [['+short', '+subnet=10.0.0.0/24', 'dev1.node.consul'], ['127.0.0.2']],
    [['+short', '+edns=0', '+bufsize=4096', 'six.service.consul', 'AAAA'], ['fe80::1']],
  ])('%j', async (args, expected) => expect(await dig(dns.port, ...args)).toEqual(expected));

  it('finds nothing wrong with a large answer, and asks again over TCP for one that was cut', async () => {
    const config = { enableTruncate: true };
    await using other = await test.plane.listenDns({ host: '127.0.0.1', port: 0, config });
    const lines = await dig(other.port, '+noall', '+answer', '+comments', 'many.service.consul', 'SRV');
    expect(lines.filter((line) => /\tSRV\t/.test(line))).toHaveLength(60);
    expect(lines.join('\n')).not.toMatch(/malformed|extra bytes/i);
  });
});

/** A server that never answers. */
async function silent(): Promise<AsyncDisposable & { port: number }> {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())) };
}

describe('DNS over TLS', () => {
  const root = createRoot({ trustDomain: '11111111-2222-3333-4444-555555555555.consul', serial: 1, now: Date.now(), random });
  const leaf = (name: string) =>
    issueLeaf({
      root,
      signingKey: signingKeyOf(root),
      identity: serviceIdentity(root.trustDomain, 'dc1', name),
      serial: 2,
      now: Date.now(),
    });

  it('answers those with a certificate, where one is asked for', async () => {
    const server = leaf('dns');
    const client = leaf('web');
    const tls = { cert: server.certPem, key: server.keyPem, ca: root.certPem, verifyIncoming: true };
    await using listener = await test.plane.listenDns({ host: '127.0.0.1', port: 0, tls });
    const bytes = oracle.encode({ type: 'query', id: 1, questions: [{ name: 'dev1.node.consul', type: 'A', class: 'IN' }] });
    const answer = await overTls(listener.port, bytes, { ca: root.certPem, cert: client.certPem, key: client.keyPem });
    expect(oracle.decode(answer).answers).toMatchObject([{ data: '127.0.0.2' }]);
    await expect(overTls(listener.port, bytes, { ca: root.certPem })).rejects.toThrow();
    await expect(ask(listener.port, 'dev1.node.consul', 'A', { over: 'tcp' })).rejects.toThrow();
  });
});
