import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { caRoots } from '../../../src/catalog/ca.ts';
import { generateKeyAsync, keyToPem } from '../../../src/pki/key.ts';
import { followAgent } from '../../../src/proxy/client.ts';
import { createDataPlane, type DataPlane } from '../../../src/proxy/dataplane.ts';
import { freePorts } from '../../free-ports.ts';
import { realClock, registration } from '../harness.ts';
import { openTestApi, type TestApi } from '../http/api.ts';

const INBOUND = 'dc1/payments-vm/payments-sidecar-proxy/inbound';
const UPSTREAM = 'dc1/web-vm/web-sidecar-proxy/outbound/payments';

let api: TestApi;
let app: Server;
let dataPlane: DataPlane;
let stop: AbortController;
let following: Promise<void>;
beforeEach(async () => {
  api = await openTestApi();
  app = createServer((_request, response) => response.end('paid')).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const { port } = app.address() as AddressInfo;
  const ports = await freePorts(4);
  const web = registration({
    node: 'web-vm',
    address: '127.0.0.1',
    name: 'web',
    port: ports[0]!,
    upstreams: [{ name: 'payments', port: ports[1]! }],
  });
  const payments = registration({ node: 'payments-vm', address: '127.0.0.1', name: 'payments', port });
  await api.plane.commit([withPort(web, ports[2]!), withPort(payments, ports[3]!)]);
  api.plane.host({ dc: 'dc1', node: 'web-vm', id: 'web-sidecar-proxy' }, { extraLoopback: false });
  api.plane.host({ dc: 'dc1', node: 'payments-vm', id: 'payments-sidecar-proxy' }, { extraLoopback: false });
  const socketPath = join(api.dir, 'dp.sock');
  await api.plane.listenDataplane(socketPath);
  stop = new AbortController();
  dataPlane = createDataPlane({ log: silentLog, clock: realClock });
  following = followAgent({ socketPath, dataPlane, version: '1', pid: 1, log: silentLog, clock: realClock, signal: stop.signal });
  await api.plane.synced(stop.signal);
});
afterEach(async () => {
  stop.abort();
  await following;
  await dataPlane.close(0);
  await api[Symbol.asyncDispose]();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});

/** The sidecar on a port of its own, which the system chose. */
function withPort(op: ReturnType<typeof registration>, port: number): ReturnType<typeof registration> {
  if (op.type !== 'register') throw new Error('no registration');
  return { ...op, services: op.services!.map((service) => (service.Kind === 'connect-proxy' ? { ...service, Port: port } : service)) };
}

function call(agent: Agent | false): Promise<string> {
  const { address: host, port } = dataPlane.addresses()[UPSTREAM]!;
  return new Promise((resolve, reject) => {
    get({ host, port, path: '/', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(`${response.statusCode}`));
    }).on('error', reject);
  });
}

/** What the sidecar of payments shows to one that trusts these roots alone. */
async function handshake(roots: readonly string[]): Promise<{ authorized: boolean; issuer: string }> {
  const { CertPEM: cert, PrivateKeyPEM: key } = (await api.call('/v1/agent/connect/ca/leaf/web')).json as Record<string, string>;
  const { address: host, port } = dataPlane.addresses()[INBOUND]!;
  const socket: TLSSocket = connect({
    host,
    port,
    cert,
    key,
    ca: [...roots],
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  await once(socket, 'secureConnect');
  const issuer = socket.getPeerX509Certificate()!.issuer;
  const { authorized } = socket;
  socket.destroy();
  return { authorized, issuer };
}

const rootsNow = () => caRoots(api.plane.snapshot.value, 'dc1').value;
const subjectOf = (pem: string): string => new X509Certificate(pem).subject;

it('rotates roots under traffic: no request fails, connections go on, and the next leaf is there as soon as the root is', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const outcomes: string[] = [];
  let running = true;
  // New connections, and so handshakes between the sidecars, one after the other; and one connection that lives through it all.
  const clients = [false as const, false as const, agent].map(async (how) => {
    while (running) outcomes.push(await call(how).catch((error: Error) => error.message));
  });
  for (let rotation = 1; rotation <= 4; rotation++) {
    const before = rootsNow().find((root) => root.Active)!;
    const PrivateKey = keyToPem(await generateKeyAsync());
    const index = api.plane.snapshot.value.index;
    const woken = api.call(`/v1/connect/ca/roots?index=${index}&wait=60s`);
    const leaf = (await api.call('/v1/agent/connect/ca/leaf/other')).headers['x-consul-index'];
    const newLeaf = api.call(`/v1/agent/connect/ca/leaf/other?index=${leaf}&wait=60s`);
    const reply = await api.call('/v1/connect/ca/configuration', { method: 'PUT', body: { Provider: 'consul', Config: { PrivateKey } } });
    expect([reply.status, reply.text]).toEqual([200, '']);

    const { Roots, ActiveRootID } = (await woken).json as { Roots: { ID: string; Active: boolean }[]; ActiveRootID: string };
    expect([Roots.length, ActiveRootID !== before.ID]).toEqual([rotation + 1, true]);
    const after = rootsNow().find((root) => root.Active)!;
    const { CertPEM } = (await newLeaf).json as { CertPEM: string };
    expect(new X509Certificate(CertPEM).issuer).toBe(subjectOf(after.RootCert));
    await api.plane.synced(stop.signal);
    const shown = subjectOf(after.RootCert);
    expect(await handshake([after.RootCert])).toEqual({ authorized: true, issuer: shown });
    // Who has not heard of the new root yet follows what the old one says of it.
    expect(await handshake([before.RootCert])).toEqual({ authorized: true, issuer: shown });
  }
  running = false;
  await Promise.all(clients);
  const kept = agent.freeSockets;
  expect(Object.values(kept).flat()).toHaveLength(1);
  agent.destroy();
  expect(new Set(outcomes)).toEqual(new Set(['200']));
  expect(outcomes.length).toBeGreaterThan(20);
});
