import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProxyConfig } from '../../src/compile/proxy-config.ts';
import type { Limits } from '../../src/proxy/limits.ts';
import { ForwardPlane } from './fixture/forward.ts';
import { Mesh, PAYMENTS, WEB } from './fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, tcpApp } from './fixture/sockets.ts';
import { stopTime } from './fixture/time.ts';

const H = 'Host: payments\r\n';
const HOUR_MS = 3_600_000;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

async function opened<T extends { close(): Promise<unknown> }>(thing: Promise<T> | T): Promise<T> {
  const it = await thing;
  closers.push(() => it.close());
  return it;
}

async function slowApp() {
  const waiting: (() => void)[] = [];
  const app = await opened(
    httpApp((req, res) => {
      if (req.url === '/slow') waiting.push(() => res.end('slow answer'));
      else if (req.url === '/half') {
        res.write('half');
        waiting.push(() => res.end());
      } else void text(req).then((body) => res.end(`got ${body};`));
    }),
  );
  return { app, waiting };
}

const echo = () => opened(tcpApp((socket) => socket.pipe(socket)));
const refuses = (at: { address: string; port: number }) =>
  expect(once(connect(at.port, at.address), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

describe('a sidecar that is removed', () => {
  it('finishes what is in flight in its inbound, and takes nothing new', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const inFlight = await RawClient.connect(mesh.upstream);
    inFlight.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    const at = mesh.inbound;
    await mesh.server.apply(mesh.update([], { removedProxies: [PAYMENTS] }));
    expect(mesh.server.addresses()).toEqual({});
    await refuses(at);
    waiting[0]!();
    await inFlight.untilText('slow answer');
    inFlight.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await inFlight.untilText('HTTP/1.1 503 ');
    await eventually(() => app.sockets.size === 0, 'the connection to the application is closed');
    inFlight.close();
  });

  it('finishes what is in flight in its outbound, an upload too, and closes what is idle', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const [idle, slow, upload] = [await connected(mesh), await connected(mesh), await connected(mesh)];
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    upload.write(`POST / HTTP/1.1\r\n${H}Content-Length: 6\r\n\r\nabc`);
    await eventually(() => waiting.length === 1 && app.sockets.size >= 2, 'both are in flight');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    await idle.rest();
    expect(idle.ended).toBe('end');
    upload.write('def');
    waiting[0]!();
    expect(await slow.rest()).toMatch(/Connection: close\r\n[^;]*slow answer$/);
    expect(await upload.rest()).toMatch(/Connection: close\r\n[^;]*got abcdef;$/);
    for (const client of [idle, slow, upload]) client.close();
  });

  it('lets byte pipes go on, until the deadline', async () => {
    const mesh = await opened(Mesh.start({ app: (await echo()).at, limits: { drainMs: 50 } }));
    const client = await RawClient.connect(mesh.upstream);
    client.write('before;');
    await client.untilText('before;');
    stopTime();
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    vi.advanceTimersByTime(49);
    client.write('after;');
    await client.untilText('after;');
    vi.advanceTimersByTime(1);
    await client.rest();
  });

  it('answers 503 at the deadline, or breaks off what has begun', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: 20 } }));
    const [slow, half] = [await RawClient.connect(mesh.upstream), await RawClient.connect(mesh.upstream)];
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    half.write(`GET /half HTTP/1.1\r\n${H}\r\n`);
    await half.untilText('half');
    await eventually(() => waiting.length === 2, 'both are in flight');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    expect(await slow.rest()).toMatch(/^HTTP\/1\.1 503 [\s\S]*x-mesh-reason: the listener has left the configuration/);
    await half.rest();
    expect(half.ended).toBe('reset');
    await eventually(() => app.sockets.size === 0, 'the application was told');
  });

  it('may come back on its address while the first one is still draining', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const at = mesh.upstream;
    const slow = await RawClient.connect(at);
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    const web = mesh.web();
    const again = { ...web, hash: 'again', outbound: [{ ...web.outbound[0]!, binds: [at] }] };
    const applied = await mesh.client.apply(mesh.update([again], { leaves: [mesh.authority.leaf('web')] }));
    expect(applied.errors).toEqual({});
    expect(await send(at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toContain('got ;');
    waiting[0]!();
    expect(await slow.rest()).toContain('slow answer');
    slow.close();
  });

  it('takes its leaf along, unless another instance of the service or a request in flight may need it', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const web = mesh.web();
    const other = { ...web, id: 'dc1/node/web-2-sidecar-proxy', hash: 'other' };
    const ask = (id: string) =>
      send(mesh.client.addresses()[`${id}/outbound/payments`]!, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    await mesh.client.apply(mesh.update([web]));
    expect(await ask(WEB)).toMatch(/x-mesh-reason: .*there is no certificate yet for spiffe:.*svc\/web\r\n/);
    await mesh.client.apply(mesh.update([other], { leaves: [mesh.authority.leaf('web')] }));
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    expect(await ask(other.id)).toContain('got ;');
    const slow = await RawClient.connect(mesh.client.addresses()[`${other.id}/outbound/payments`]!);
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    await mesh.client.apply(mesh.update([], { removedProxies: [other.id] }));
    await mesh.client.apply(mesh.update([web]));
    expect(await ask(WEB)).toContain('got ;');
    slow.close();
  });
});

describe('a sidecar that is leaving', () => {
  const leaving = (config: ProxyConfig): ProxyConfig => ({ ...config, leaving: true, hash: 'leaving' });

  it('takes nothing new, and is drained when what it has open has finished', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const [idle, inFlight] = [await connected(mesh), await RawClient.connect(mesh.upstream)];
    inFlight.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    const at = mesh.inbound;
    await mesh.server.apply(mesh.update([leaving(mesh.payments())]));
    await refuses(at);
    let drained = false;
    const whenDrained = mesh.server.drained(PAYMENTS).then(() => {
      drained = true;
    });
    // A whole exchange later it is still in flight.
    idle.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await idle.untilText('HTTP/1.1 503 ');
    expect(drained).toBe(false);
    waiting[0]!();
    await inFlight.untilText('slow answer');
    await whenDrained;
    for (const client of [idle, inFlight]) client.close();
  });

  it('with nothing in flight is drained at once, however many connections are kept', async () => {
    const { app } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const clients = [await connected(mesh), await connected(mesh)];
    await mesh.server.apply(mesh.update([leaving(mesh.payments())]));
    await mesh.server.drained(PAYMENTS);
    await mesh.server.drained('dc1/node/nobody-sidecar-proxy');
    for (const client of clients) client.close();
  });

  it('still has its upstreams', async () => {
    const { app } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    const at = mesh.upstream;
    await mesh.client.apply(mesh.update([leaving(mesh.web())]));
    await mesh.client.drained(WEB);
    expect(mesh.upstream).toEqual(at);
    expect(await send(at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toContain('got ;');
  });

  it('cuts at the deadline', async () => {
    const mesh = await opened(Mesh.start({ app: (await echo()).at, limits: { drainMs: 20 } }));
    const client = await RawClient.connect(mesh.upstream);
    client.write('before;');
    await client.untilText('before;');
    await mesh.server.apply(mesh.update([leaving(mesh.payments())]));
    await mesh.server.drained(PAYMENTS);
    await client.rest();
  });

  it('may stay after all', async () => {
    const { app } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http' }));
    await mesh.server.apply(mesh.update([leaving(mesh.payments())]));
    await mesh.server.drained(PAYMENTS);
    await mesh.server.apply(mesh.update([mesh.payments()]));
    mesh.recorder.target = mesh.inbound;
    expect(await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toContain('got ;');
  });
});

describe('a full update', () => {
  it('drains what is not in it', async () => {
    const { app, waiting } = await slowApp();
    const mesh = await opened(Mesh.start({ app: app.at, protocol: 'http', limits: { drainMs: HOUR_MS } }));
    const [idle, slow] = [await connected(mesh), await connected(mesh)];
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1, 'the request is in flight');
    await mesh.client.apply(mesh.update([], { full: true }));
    expect(mesh.client.addresses()).toEqual({});
    await idle.rest();
    waiting[0]!();
    expect(await slow.rest()).toContain('slow answer');
    for (const client of [idle, slow]) client.close();
  });
});

describe('a forward that is removed', () => {
  const start = (at: { address: string; port: number }, limits: Partial<Limits>) => opened(ForwardPlane.start([at], limits));

  it('finishes requests, closes what is idle or has not spoken, and lets bytes flow on', async () => {
    const { app, waiting } = await slowApp();
    const plane = await start(app.at, { drainMs: HOUR_MS, quietMs: HOUR_MS });
    const [idle, slow, silent] = [await RawClient.connect(plane.at), await RawClient.connect(plane.at), await RawClient.connect(plane.at)];
    idle.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await idle.untilText('got ;');
    slow.write(`GET /slow HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => waiting.length === 1 && plane.stats.activeConnections === 3, 'all are there');
    await plane.remove();
    await refuses(plane.at);
    for (const client of [idle, silent]) {
      await client.rest();
      expect(client.ended).toBe('end');
    }
    waiting[0]!();
    expect(await slow.rest()).toMatch(/Connection: close\r\n[\s\S]*slow answer$/);
    for (const client of [idle, slow, silent]) client.close();
  });

  it('can come back on its port before that', async () => {
    const plane = await start((await echo()).at, { drainMs: HOUR_MS });
    const piped = await RawClient.connect(plane.at);
    piped.write('*1;');
    await piped.untilText('*1;');
    await plane.remove();
    await plane.retarget([(await opened(tcpApp((socket) => socket.end('second')))).at]);
    expect(await send(plane.at, '')).toBe('second');
    piped.write('still;');
    await piped.untilText('still;');
    piped.close();
  });

  it('cuts at the deadline', async () => {
    const plane = await start((await echo()).at, { drainMs: 20 });
    const piped = await RawClient.connect(plane.at);
    piped.write('*1;');
    await piped.untilText('*1;');
    await plane.remove();
    await piped.rest();
  });
});

/** A client that has had an answer on its connection. */
async function connected(mesh: Mesh): Promise<RawClient> {
  const client = await RawClient.connect(mesh.upstream);
  client.write(`GET / HTTP/1.1\r\n${H}\r\n`);
  await client.untilText('got ;');
  return client;
}
