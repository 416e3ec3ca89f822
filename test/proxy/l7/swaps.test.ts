import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SocketAddress } from '../../../src/compile/proxy-config.ts';
import { allCalled, type Call, http1, http2, Load } from '../fixture/load.ts';
import { RawClient } from '../fixture/sockets.ts';
import { EntryWorld } from './entry-world.ts';

/** Each kind of change, while clients of HTTP/1, HTTP/2 and bytes never pause: none of them sees it. */

let world: EntryWorld;
let loads: Load[] = [];

const app = async (req: IncomingMessage, res: ServerResponse) => void res.end(`got ${await text(req)}`);

beforeAll(async () => {
  const instances = {
    one: { of: 'payments', app, meta: { version: '1' } },
    two: { of: 'payments', app, meta: { version: '2' } },
    copies: { of: 'copies', app },
    bytes: { of: 'ledger', app },
  };
  world = await EntryWorld.start({ instances, upstreams: ['payments', 'ledger'] });
  await world.write('service-defaults', 'ledger', { Protocol: 'tcp' });
  loads = [
    ...[1, 2].map(() => new Load('HTTP/1', http1(world.at('payments')))),
    ...http2(world.at('payments'), 2).map((call) => new Load('HTTP/2', call)),
    ...[1, 2].map(() => new Load('HTTP/1 to what speaks tcp at first', http1(world.at('ledger')))),
    new Load('bytes', await bytes(world.at('ledger'))),
  ];
});
afterAll(async () => {
  await Promise.all(loads.map((load) => load.stop()));
  await world.close();
});

type Change = () => Promise<void>;

/** On one connection from the first call to the last. */
async function bytes(at: SocketAddress): Promise<Call> {
  const client = await RawClient.connect(at);
  return async (body) => {
    client.received = Buffer.alloc(0);
    client.write(`POST / HTTP/1.1\r\nHost: ledger\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await client.untilText(`got ${body}`);
    return `got ${body}`;
  };
}

const write = (kind: string, name: string, fields: object) => () => world.write(kind, name, fields);
const remove = (kind: string, name: string) => () => world.remove(kind, name);
const Match = { HTTP: { PathPrefix: '/' } };
const permissions = (Permissions: object[]) => ({ Sources: [{ Name: 'web', Permissions }] });
const defaults = (fields: object) => write('service-defaults', 'payments', { Protocol: 'http', ...fields });
const upstreams = (Defaults: object) => write('service-defaults', 'web', { Protocol: 'http', UpstreamConfig: { Defaults } });
const splits = (...weights: number[]): Change =>
  write('service-splitter', 'payments', { Splits: weights.map((Weight, i) => ({ Weight, ServiceSubset: `v${i + 1}` })) });
const Incoming = { TLSMinVersion: 'TLSv1_2' };
const Subsets = { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } };

/** Each of them is in force before the next is made, and everybody has called since. */
async function unseen(changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    await change();
    await allCalled(loads);
    expect(loads.flatMap(({ failures }) => failures)).toEqual([]);
  }
}

describe('nobody who calls sees a change of', () => {
  it.each<[kind: string, changes: readonly Change[]]>([
    [
      'routes',
      [
        write('service-router', 'payments', { Routes: [{ Match, Destination: { PrefixRewrite: '/x/', NumRetries: 2 } }] }),
        write('service-router', 'payments', { Routes: [{ Match, Destination: { RequestHeaders: { Set: { a: 'b' } } } }] }),
        remove('service-router', 'payments'),
      ],
    ],
    [
      'subsets',
      [write('service-resolver', 'payments', { Subsets }), write('service-resolver', 'payments', { Subsets, DefaultSubset: 'v1' })],
    ],
    ['splits', [splits(100, 0), splits(50, 50), splits(0, 100), remove('service-splitter', 'payments')]],
    [
      'balancing',
      [
        write('service-resolver', 'payments', { LoadBalancer: { Policy: 'least_request' } }),
        write('service-resolver', 'payments', { LoadBalancer: { Policy: 'maglev' }, ConnectTimeout: '3s' }),
        write('service-resolver', 'payments', { Failover: { '*': { Service: 'copies' } } }),
        remove('service-resolver', 'payments'),
      ],
    ],
    [
      'intentions',
      [
        write('service-intentions', 'payments', permissions([{ Action: 'allow', HTTP: { PathPrefix: '/' } }])),
        write('service-intentions', 'payments', permissions([{ Action: 'deny', HTTP: { PathExact: '/other' } }])),
        write('service-intentions', 'payments', { Sources: [{ Name: 'other', Action: 'deny' }] }),
        remove('service-intentions', 'payments'),
        write('service-intentions', 'ledger', { Sources: [{ Name: 'web', Action: 'allow' }] }),
      ],
    ],
    [
      'limits',
      [
        upstreams({ Limits: { MaxConcurrentRequests: 100, MaxConnections: 50 }, PassiveHealthCheck: { MaxFailures: 3 } }),
        upstreams({ ConnectTimeoutMs: 3000 }),
        remove('service-defaults', 'web'),
        defaults({ MaxInboundConnections: 100, LocalRequestTimeoutMs: 4000 }),
      ],
    ],
    [
      'filters',
      [
        defaults({ RateLimits: { InstanceLevel: { RequestsPerSecond: 1_000_000 } } }),
        defaults({
          EnvoyExtensions: [{ Name: 'builtin/fault-injection', Arguments: { Config: { Delay: { Duration: 1, Percentage: 50 } } } }],
        }),
        defaults({ Meta: { 'mesh.mirror/service': 'copies', 'mesh.retry-budget/percent': '20' } }),
        defaults({}),
      ],
    ],
  ])('%s', (_kind, changes) => unseen(changes));

  it('any of these, for which no connection to an instance is given up', () => {
    // Two instances, and never more than four calls at once.
    expect(world.cluster('payments.default.default.dc1').connects).toBeLessThanOrEqual(8);
  });

  it.each<[kind: string, changes: readonly Change[]]>([
    ['endpoints', ['two', 'one'].flatMap((gone) => [() => world.health(gone, 'critical'), () => world.health(gone, 'passing')])],
    [
      'TLS',
      [
        write('mesh', 'mesh', { TLS: { Incoming } }),
        write('mesh', 'mesh', { TLS: { Incoming, Outgoing: { TLSMinVersion: 'TLSv1_2', TLSMaxVersion: 'TLSv1_2' } } }),
        write('mesh', 'mesh', { TLS: { Incoming } }),
        remove('mesh', 'mesh'),
      ],
    ],
    ['protocols', [write('service-defaults', 'ledger', { Protocol: 'http' }), write('service-defaults', 'ledger', { Protocol: 'tcp' })]],
  ])('%s', (_kind, changes) => unseen(changes));

  it('anything, and all of it was counted', async () => {
    await Promise.all(loads.map((load) => load.stop()));
    const sent = loads.slice(0, 4).reduce((sum, { answered }) => sum + answered, 0);
    expect(world.outbound('payments')).toMatchObject({ requests: sent, completedRequests: sent, status2xx: sent, connections: 3 });
    expect(loads[6]!.answered).toBeGreaterThan(60);
  });
});
