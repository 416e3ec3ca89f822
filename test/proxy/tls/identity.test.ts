import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeafCertificate, SocketAddress } from '../../../src/compile/proxy-config.ts';
import { Authority } from '../fixture/certificates.ts';
import { Mesh } from '../fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, type TestApp, tcpApp } from '../fixture/sockets.ts';

let app: TestApp;
let mesh: Mesh;
let reached = 0;

beforeAll(async () => {
  app = await tcpApp((socket) => {
    reached++;
    socket.end('secret of payments');
  });
  mesh = await Mesh.start({ app: app.at });
});
afterAll(async () => {
  await mesh.close();
  await app.close();
});

/** What a client gets out of the inbound listener of payments: application bytes, or how it was refused. */
function dialInbound(options: ConnectionOptions): Promise<string> {
  const { address: host, port } = mesh.inbound;
  return new Promise((resolve) => {
    let got = '';
    const socket = connect({ host, port, rejectUnauthorized: false, ...options });
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(`refused: ${error.code}`));
    socket.on('close', () => resolve(got === '' ? 'refused: closed' : got));
  });
}

const shows = (leaf: LeafCertificate): ConnectionOptions => ({ cert: leaf.certPem, key: leaf.keyPem });

describe('the inbound side refuses', () => {
  it.each<[string, () => ConnectionOptions]>([
    ['a client without a certificate', () => ({})],
    ['a certificate of another CA', () => shows(new Authority(mesh.authority.trustDomain).leaf('web'))],
    ['a certificate of another CA and trust domain', () => shows(new Authority('99999999-2222-3333-4444-555555555555.consul').leaf('web'))],
    ['an expired certificate', () => shows(mesh.authority.leaf('web', { ttlMs: 60_000, ageMs: 3_600_000 }))],
    ['TLS 1.2', () => ({ ...shows(mesh.authority.leaf('web')), maxVersion: 'TLSv1.2' })],
  ])('%s', async (_name, options) => {
    const before = reached;
    expect(await dialInbound(options())).toMatch(/^refused: /);
    expect(reached).toBe(before);
  });

  it('plain text', async () => {
    const before = reached;
    expect(await send(mesh.inbound, 'GET / HTTP/1.1\r\nHost: payments\r\n\r\n')).not.toContain('secret');
    expect(reached).toBe(before);
  });

  it('a client of another trust domain, even if the roots vouch for it', async () => {
    const foreign = new Authority('99999999-2222-3333-4444-555555555555.consul');
    await mesh.server.apply(mesh.update([], { roots: [mesh.authority.root.certPem, foreign.root.certPem] }));
    const before = reached;
    expect(await dialInbound(shows(foreign.leaf('web')))).toMatch(/^refused: /);
    expect(reached).toBe(before);
    expect(mesh.reasons().at(-1)).toMatch(/not of the trust domain/);
    await mesh.server.apply(mesh.update([], { roots: [mesh.authority.root.certPem] }));
  });

  it('nothing when a health check only connects', async () => {
    const { log, inbound } = mesh;
    const before = log.lines.length;
    const client = await RawClient.connect(inbound);
    client.socket.end();
    await client.rest();
    expect(log.lines.slice(before)).toEqual([]);
    client.close();
    const noise = await RawClient.connect(inbound);
    noise.write('\x16\x03\x01noise');
    await noise.rest();
    await eventually(() => log.lines.length > before, 'the refusal is logged');
    expect(mesh.reasons().at(-1)).toMatch(/^TLS handshake: /);
  });

  it('nobody without reason', async () => {
    expect(await dialInbound(shows(mesh.authority.leaf('web')))).toBe('secret of payments');
  });
});

describe('the outbound side', () => {
  let rogue: Server;
  let heard = '';

  async function rogueSidecar(leaf: LeafCertificate): Promise<SocketAddress> {
    rogue = createServer({ cert: leaf.certPem, key: leaf.keyPem }, (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    });
    rogue.on('tlsClientError', () => undefined);
    rogue.listen(0, '127.0.0.1');
    await once(rogue, 'listening');
    return { address: '127.0.0.1', port: (rogue.address() as AddressInfo).port };
  }

  it.each<[string, () => LeafCertificate, RegExp]>([
    ['another service of the mesh', () => mesh.authority.leaf('billing'), /svc\/billing, expected .*svc\/payments/],
    ['a certificate of another CA', () => new Authority(mesh.authority.trustDomain).leaf('payments'), /self.signed|certificate|issuer/i],
    ['an expired certificate', () => mesh.authority.leaf('payments', { ttlMs: 60_000, ageMs: 3_600_000 }), /expired/],
  ])('sends no byte to %s', async (_name, leaf, reason) => {
    heard = '';
    const at = await rogueSidecar(leaf());
    await mesh.configure({ endpoints: [{ id: 'rogue', weight: 1, ...at }] });
    expect(await send(mesh.upstream, 'hello')).toBe('');
    expect(mesh.reasons().at(-1)).toMatch(reason);
    expect(heard).toBe('');
    await new Promise((resolve) => rogue.close(resolve));
    await mesh.configure({ endpoints: undefined });
  });

  it('judges a resumed session by what is expected now', async () => {
    // Two connections: the second resumes the first one's session.
    expect(await send(mesh.upstream, '')).toBe('secret of payments');
    expect(await send(mesh.upstream, '')).toBe('secret of payments');
    await mesh.configure({ expected: [mesh.authority.identity('billing')] });
    expect(await send(mesh.upstream, '')).toBe('');
    expect(mesh.reasons().at(-1)).toMatch(/svc\/payments, expected .*svc\/billing/);
    await mesh.configure({ expected: [mesh.authority.identity('payments')] });
    expect(await send(mesh.upstream, '')).toBe('secret of payments');
  });

  it('says so when it has no certificate yet', async () => {
    await mesh.client.apply(mesh.update([mesh.web()], { full: true, leaves: [] }));
    expect(await send(mesh.upstream, '')).toBe('');
    expect(mesh.reasons().at(-1)).toMatch(/no certificate yet for spiffe:.*svc\/web/);
    await mesh.client.apply(mesh.update([], { leaves: [mesh.authority.leaf('web')] }));
    expect(await send(mesh.upstream, '')).toBe('secret of payments');
  });
});

describe('rotation', () => {
  it('of roots and leaves leaves open connections alone and serves new ones', async () => {
    const web = await httpApp((_req, res) => res.end('ok'));
    const rotating = await Mesh.start({ app: web.at, protocol: 'http' });
    const ask = () => send(rotating.upstream, 'GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n');
    expect(await ask()).toContain('200 OK');
    const next = new Authority(rotating.authority.trustDomain);
    const roots = [rotating.authority.root.certPem, next.root.certPem];
    await rotating.server.apply(rotating.update([], { roots }));
    await rotating.client.apply(rotating.update([], { roots }));
    expect(await ask()).toContain('200 OK');
    await rotating.server.apply(rotating.update([], { leaves: [next.leaf('payments')], roots: [next.root.certPem] }));
    await rotating.client.apply(rotating.update([], { leaves: [next.leaf('web')], roots: [next.root.certPem] }));
    expect(await ask()).toContain('200 OK');
    expect(rotating.recorder.connections).toBe(1);
    // The pooled connection is of the old CA; a fresh handshake needs the new one.
    await rotating.configure({ endpoints: [{ id: 'again', weight: 1, ...rotating.inbound }] });
    expect(await ask()).toContain('200 OK');
    await rotating.close();
    await web.close();
  });

  it('away from a root ends the sessions that it vouched for', async () => {
    const old = mesh.authority.leaf('web');
    let session: Buffer | undefined;
    const { address: host, port } = mesh.inbound;
    const once1 = connect({ host, port, rejectUnauthorized: false, ...shows(old) });
    once1.on('session', (ticket: Buffer) => {
      session = ticket;
    });
    once1.resume();
    await once(once1, 'close');
    expect(session).toBeDefined();
    const next = new Authority(mesh.authority.trustDomain);
    await mesh.server.apply(mesh.update([], { leaves: [next.leaf('payments')], roots: [next.root.certPem] }));
    expect(await dialInbound({ ...shows(old), ...(session ? { session } : {}) })).toMatch(/^refused: /);
    await mesh.server.apply(mesh.update([], { leaves: [mesh.authority.leaf('payments')], roots: [mesh.authority.root.certPem] }));
    expect(await dialInbound(shows(old))).toBe('secret of payments');
  });
});
