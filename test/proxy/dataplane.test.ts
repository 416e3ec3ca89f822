import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataplaneUpdate, ForwardConfig, IntentionRule, SocketAddress } from '../../src/compile/proxy-config.ts';
import { createDataPlane, type DataPlane } from '../../src/proxy/dataplane.ts';
import { CLUSTER, LOOPBACK, Mesh, memoryLog, PAYMENTS, realClock, WEB } from './fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, tcpApp } from './fixture/sockets.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function opened<T extends { close(): Promise<unknown> }>(thing: Promise<T> | T): Promise<T> {
  const it = await thing;
  closers.push(() => it.close());
  return it;
}

const H = 'Host: payments\r\n';
const deny: IntentionRule = { source: 'web', action: 'deny', precedence: 9 };

/** An application whose answers a test releases. */
async function slowApp() {
  const waiting: (() => void)[] = [];
  const app = await opened(
    httpApp((req, res) => {
      if (req.url === '/slow') waiting.push(() => res.end('slow answer'));
      else res.end('fast answer');
    }),
  );
  return { app, waiting };
}

describe('a change of configuration', () => {
  it('leaves a request in flight on what it began with; the next one meets the new', async () => {
    const { app, waiting } = await slowApp();
    const other = await opened(httpApp((_req, res) => res.end('other app')));
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    await mesh.configure({ app: other.at });
    waiting[0]!();
    await client.untilText('slow answer');
    client.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await client.untilText('other app');
    client.close();
  });

  it('from http to tcp and back keeps the port, and the request that is in flight', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const before = mesh.upstream;
    const inFlight = await RawClient.connect(mesh.upstream);
    inFlight.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    const idle = await RawClient.connect(mesh.upstream);
    idle.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await idle.untilText('fast answer');
    await eventually(() => waiting.length === 1, 'the request is in flight');

    await mesh.configure({ protocol: 'tcp' });
    expect(mesh.upstream).toEqual(before);
    // No request is lost: a connection that waits for one serves it, and closes.
    idle.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    expect(await idle.rest()).toMatch(/fast answer[\s\S]*Connection: close\r\n[\s\S]*fast answer$/);
    waiting[0]!();
    expect(await inFlight.rest()).toMatch(/Connection: close\r\n[\s\S]*slow answer$/);
    // A byte pipe now: the application's own strictness answers, without our header.
    const raw = await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(raw).toContain('fast answer');
    expect(await send(mesh.upstream, 'BAD\r\n\r\n')).not.toContain('x-mesh-reason');

    const piped = await RawClient.connect(mesh.upstream);
    piped.write(`GET /slow HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    await eventually(() => waiting.length === 2, 'the piped request is in flight');
    await mesh.configure({ protocol: 'http' });
    waiting[1]!();
    expect(await piped.rest()).toContain('slow answer');
    expect(await send(mesh.upstream, 'BAD\r\n\r\n')).toContain('x-mesh-reason');
  });

  it('to deny answers requests in flight, and the next, with 403', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`POST /slow HTTP/1.1\r\n${H}Content-Length: 1\r\n\r\nx`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    await mesh.configure({ intentions: [deny] });
    await client.untilText('RBAC: access denied');
    expect(client.text).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*x-mesh-reason: spiffe:.*svc\/web: intention deny web => payments \(precedence 9\)\r\n/,
    );
    client.close();
    await eventually(() => app.sockets.size === 0, 'the application was told');
    const answer = await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*\r\n\r\nRBAC: access denied$/);
    expect(answer).toMatch(/x-mesh-reason: spiffe:.*svc\/web: intention deny web => payments \(precedence 9\)\r\n/);
    await mesh.configure({ intentions: [] });
    expect(await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toContain('fast answer');
  });

  it('keeps pools and counters of what stays, and an equal hash touches nothing', async () => {
    const app = await opened(httpApp((_req, res) => res.end('ok')));
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const ask = () => send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    await ask();
    await mesh.client.apply(mesh.update([mesh.web()], { full: true, leaves: [mesh.authority.leaf('web')] }));
    await mesh.configure({ routes: [{ match: { pathPrefix: '/' }, splits: [{ weight: 100, cluster: CLUSTER }] }] });
    await ask();
    expect(mesh.recorder.connections).toBe(1);
    expect(mesh.client.stats().listeners[`${WEB}/outbound/payments`]).toMatchObject({ requests: 2, status2xx: 2 });
    expect(mesh.client.stats().clusters[`${WEB}/${CLUSTER}`]).toMatchObject({ connects: 1, connectFailures: 0, failovers: 0 });
  });

  it('that removes a proxy gives its ports back', async () => {
    const app = await opened(httpApp((_req, res) => res.end('ok')));
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const at = mesh.upstream;
    const idle = await RawClient.connect(at);
    idle.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await idle.untilText('ok');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    await idle.rest();
    expect(mesh.client.addresses()).toEqual({});
    const server = createServer().listen(at.port, at.address);
    await once(server, 'listening');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('an upstream that is offered on two addresses', () => {
  it('serves on both; only the first must bind', async () => {
    const app = await opened(tcpApp((socket) => socket.end('served')));
    const mesh = await opened(Mesh.start({ app: app.at }));
    const owner = createServer().listen(0, LOOPBACK);
    await once(owner, 'listening');
    const taken = { address: LOOPBACK, port: (owner.address() as AddressInfo).port };
    const free = { address: LOOPBACK, port: 0 };
    const withBinds = (hash: string, binds: SocketAddress[]) => {
      const web = mesh.web();
      return mesh.update([{ ...web, hash, outbound: [{ ...web.outbound[0]!, binds }] }]);
    };
    expect((await mesh.client.apply(withBinds('two', [free, free]))).errors).toEqual({});
    expect(await send(mesh.upstream, '')).toBe('served');
    expect(await send(mesh.client.addresses()[`${WEB}/outbound/payments/1`]!, '')).toBe('served');
    expect((await mesh.client.apply(withBinds('second taken', [free, taken]))).errors).toEqual({});
    const { errors } = await mesh.client.apply(withBinds('first taken', [taken, free]));
    expect(errors).toEqual({ [WEB]: `listen EADDRINUSE: address already in use ${LOOPBACK}:${taken.port}` });
    await new Promise((resolve) => owner.close(resolve));
  });
});

describe('close', () => {
  it('lets a request finish', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    const closed = Promise.all([mesh.client.close(10_000), mesh.server.close(10_000)]);
    waiting[0]!();
    expect(await client.rest()).toMatch(/Connection: close\r\n[\s\S]*slow answer$/);
    await closed;
  });

  it('cuts what goes on after the deadline', async () => {
    const app = await opened(tcpApp((socket) => socket.write('open')));
    const mesh = await opened(Mesh.start({ app: app.at }));
    const client = await RawClient.connect(mesh.upstream);
    await client.untilText('open');
    await Promise.all([mesh.client.close(0), mesh.server.close(0)]);
    await client.rest();
  });
});

describe('probe', () => {
  it('says ok, denied, or what failed, without a request', async () => {
    let connections = 0;
    let bytes = 0;
    const app = await opened(
      tcpApp((socket) => {
        connections++;
        socket.on('end', () => socket.end());
        socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
      }),
    );
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const probe = async () => (await mesh.client.probe(WEB))['payments'];
    const seen = { client: mesh.authority.identity('web'), server: mesh.authority.identity('payments') };
    expect(await probe()).toEqual({ state: 'ok', seen });
    await eventually(() => connections === 1 && app.sockets.size === 0, 'the application was dialled and left');
    expect(bytes).toBe(0);
    await mesh.configure({ intentions: [deny] });
    expect(await probe()).toEqual({ state: 'denied', seen });
    await mesh.configure({ intentions: [], app: { address: LOOPBACK, port: 1 } });
    expect(await probe()).toEqual({ state: 'failed', reason: '127.0.0.1:1 refused the connection' });
    await mesh.configure({ expected: [mesh.authority.identity('billing')] });
    expect(await probe()).toMatchObject({ state: 'failed', reason: expect.stringMatching(/svc\/payments, expected .*svc\/billing/) });
    await mesh.configure({ endpoints: [] });
    expect(await probe()).toEqual({ state: 'failed', reason: 'no healthy instances of payments' });
    expect(await mesh.client.probe('nobody')).toEqual({});
    expect(await mesh.server.probe(PAYMENTS)).toEqual({});
  });
});

describe('forwards', () => {
  const plane = () => opened(createDataPlane({ log: memoryLog(), clock: realClock }));
  const update = (index: number, forwards: readonly ForwardConfig[], more: Partial<DataplaneUpdate> = {}): DataplaneUpdate => ({
    type: 'update',
    index,
    full: false,
    proxies: [],
    removedProxies: [],
    forwards,
    removedForwards: [],
    leaves: [],
    ...more,
  });
  const names = (n: string) => opened(tcpApp((socket) => socket.end(n)));
  const at = (dataPlane: DataPlane) => dataPlane.addresses()['forward/ingress.web']!;

  it('take turns over their targets and step over a dead one', async () => {
    const [a, b] = [await names('a'), await names('b')];
    const dataPlane = await plane();
    const dead = { address: LOOPBACK, port: 1 };
    await dataPlane.apply(update(1, [{ id: 'ingress.web', bind: { address: LOOPBACK, port: 0 }, targets: [a.at, dead, b.at] }]));
    const seen = [];
    for (let i = 0; i < 6; i++) seen.push(await send(at(dataPlane), ''));
    expect(seen.join('')).toBe('abbabb');
    expect(dataPlane.stats().listeners['forward/ingress.web']).toMatchObject({ connections: 6, failedConnections: 0 });
  });

  it('change targets without giving up the port, and go when removed', async () => {
    const [a, b] = [await names('a'), await names('b')];
    const dataPlane = await plane();
    const bind = { address: LOOPBACK, port: 0 };
    await dataPlane.apply(update(1, [{ id: 'ingress.web', bind, targets: [a.at] }]));
    const before = at(dataPlane);
    expect(await send(before, '')).toBe('a');
    await dataPlane.apply(update(2, [{ id: 'ingress.web', bind, targets: [b.at] }]));
    expect(at(dataPlane)).toEqual(before);
    expect(await send(before, '')).toBe('b');
    await dataPlane.apply(update(3, [], { removedForwards: ['ingress.web'] }));
    await expect(once(connect(before.port, before.address), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('that can’t bind are reported by id, and bound by a later update when the port is free', async () => {
    const a = await names('a');
    const dataPlane = await plane();
    const owner: Server = createServer().listen(0, LOOPBACK);
    await once(owner, 'listening');
    const bind = { address: LOOPBACK, port: (owner.address() as AddressInfo).port };
    const free = { id: 'ingress.free', bind: { address: LOOPBACK, port: 0 }, targets: [a.at] };
    const applied = await dataPlane.apply(update(1, [{ id: 'ingress.web', bind, targets: [a.at] }, free]));
    expect(applied).toEqual({ index: 1, errors: { 'ingress.web': `listen EADDRINUSE: address already in use ${LOOPBACK}:${bind.port}` } });
    expect(await send(dataPlane.addresses()['forward/ingress.free']!, '')).toBe('a');
    await new Promise((resolve) => owner.close(resolve));
    expect((await dataPlane.apply(update(2, []))).errors).toEqual({});
    expect(await send(bind, '')).toBe('a');
  });

  it('that narrow their address take the port over from themselves', async () => {
    const a = await names('a');
    const dataPlane = await plane();
    await dataPlane.apply(update(1, [{ id: 'ingress.web', bind: { address: '0.0.0.0', port: 0 }, targets: [a.at] }]));
    const { port } = at(dataPlane);
    const narrowed = { id: 'ingress.web', bind: { address: LOOPBACK, port }, targets: [a.at] };
    expect(await dataPlane.apply(update(2, [narrowed]))).toEqual({ index: 2, errors: {} });
    expect(at(dataPlane)).toEqual({ address: LOOPBACK, port });
    expect(await send(at(dataPlane), '')).toBe('a');
  });

  it('that want the same address: the first has it, the other is told by whom', async () => {
    const [a, b] = [await names('a'), await names('b')];
    const dataPlane = await plane();
    await dataPlane.apply(update(1, [{ id: 'x', bind: { address: LOOPBACK, port: 0 }, targets: [a.at] }]));
    const { port } = dataPlane.addresses()['forward/x']!;
    await dataPlane.apply(update(2, [], { removedForwards: ['x'] }));
    const bind = { address: LOOPBACK, port };
    const { errors } = await dataPlane.apply(
      update(3, [
        { id: 'ingress.a', bind, targets: [a.at] },
        { id: 'ingress.b', bind, targets: [b.at] },
      ]),
    );
    expect(errors).toEqual({ 'ingress.b': `127.0.0.1:${port} is taken by forward/ingress.a` });
    // The winner goes; the port passes to the other without being closed.
    const handed = await dataPlane.apply(update(4, [], { removedForwards: ['ingress.a'] }));
    expect(handed.errors).toEqual({});
    expect(await send(bind, '')).toBe('b');
  });
});
