import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Op } from '../../../src/catalog/types.ts';
import { buildProxyConfig } from '../../../src/compile/proxy.ts';
import { put, register, service, sidecar, snapshotOf } from '../../catalog/registrations.ts';
import { Mesh } from '../fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, type TestApp } from '../fixture/sockets.ts';

let app: TestApp;
let mesh: Mesh;
let seen: string[] = [];

beforeAll(async () => {
  app = await httpApp((req, res) => {
    seen.push(req.url!);
    if (req.url === '/slow') res.write('begun');
    else if (req.url === '/cert') res.end(`cert ${String(req.headers['x-forwarded-client-cert'])}`);
    else req.resume().on('end', () => res.end(`payments ${req.url!}`));
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http' });
});
afterAll(async () => {
  await mesh.close();
  await app.close();
});

/** The way of a config entry: stored, compiled, pushed to the sidecar of payments. */
async function write(Sources: readonly object[], defaultIntention: 'allow' | 'deny', ...more: Op[]): Promise<void> {
  seen = [];
  const s = snapshotOf(
    register('n1', [service('payments', { Port: 9090 }), sidecar('payments')]),
    put('service-defaults', 'payments', { Protocol: 'http' }),
    put('service-intentions', 'payments', { Sources }),
    ...more,
  );
  const built = buildProxyConfig(s, 'dc1/n1/payments-sidecar-proxy', { trustDomain: 'td', extraLoopback: true, defaultIntention });
  if (!built.ok) throw new Error(built.error[0]?.summary);
  const { intentions, defaultAction, normalization, hidesClientCert } = built.value.inbound!;
  await mesh.configure({
    intentions,
    defaultAction,
    inbound: { ...(normalization && { normalization }), ...(hidesClientCert && { hidesClientCert }) },
  });
}

const get = (target: string, method = 'GET') => send(mesh.upstream, `${method} ${target} HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n`);
const status = async (target: string, method?: string): Promise<string> => (await get(target, method)).slice(9, 12);

const allowV1 = [{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/v1/', Methods: ['GET'] } }] }];
const denyAdmin = [
  {
    Name: 'web',
    Permissions: [
      { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
      { Action: 'allow', HTTP: { PathPrefix: '/' } },
    ],
  },
];

describe('intentions with permissions', () => {
  it('let pass what they allow, and say which of them refused', async () => {
    await write(denyAdmin, 'deny');
    expect(await get('/users')).toMatch(/^HTTP\/1\.1 200 [\s\S]*payments \/users/);
    const refused = await get('/admin');
    expect(refused).toMatch(/^HTTP\/1\.1 403 [\s\S]*\r\n\r\nRBAC: access denied$/);
    expect(refused).toMatch(/svc\/web: intention web => payments \(precedence 9\): Permissions\[0\] is deny\r\n/);
  });

  it('leave the rest to the default', async () => {
    await write(allowV1, 'deny');
    expect([await status('/v1/x'), await status('/v1/x', 'POST'), await status('/v2/x')]).toEqual(['200', '403', '403']);
    await write(allowV1, 'allow');
    expect([await status('/v1/x'), await status('/v1/x', 'POST'), await status('/v2/x')]).toEqual(['200', '200', '200']);
  });

  it('see a path however it is spelled, and so does the application', async () => {
    await write(denyAdmin, 'allow');
    for (const path of ['/x/../admin', '//admin', '/%61dmin', '/x%2f..%2Fadmin', '/x/%2e%2E/ADMIN/', '/.\\admin', 'http://p/./admin']) {
      expect([path, await status(path)]).toEqual([path, '403']);
    }
    expect(await status('/a/./b/../c%2Fd?x=../admin')).toBe('200');
    expect(seen).toEqual(['/a/c%2Fd?x=../admin']);
  });

  it('obey the mesh entry', async () => {
    const RequestNormalization = { PathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT', HeadersWithUnderscoresAction: 'REJECT_REQUEST' };
    await write(denyAdmin, 'allow', put('mesh', 'mesh', { HTTP: { Incoming: { RequestNormalization } } }));
    expect(await get('/a%2Fb?c')).toMatch(/^HTTP\/1\.1 307 Temporary Redirect\r\n[\s\S]*\r\nLocation: \/a\/b\?c\r\n/);
    const answer = await send(mesh.upstream, 'GET / HTTP/1.1\r\nHost: p\r\nx_y: 1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*x-mesh-reason: HeadersWithUnderscoresAction refuses the field x_y\r\n/);
    expect(seen).toEqual([]);
  });
});

describe('x-forwarded-client-cert', () => {
  const forged =
    'X-Forwarded-Client-Cert: URI=spiffe://forged\r\nx-forwarded-client-cert: By=me\r\nConnection: close, x-forwarded-client-cert\r\n';
  const ask = () => send(mesh.upstream, `GET /cert HTTP/1.1\r\nHost: p\r\n${forged}\r\n`);

  it("is the sidecar's own, whatever the client sends", async () => {
    await write([{ Name: 'web', Action: 'allow' }], 'deny');
    const { authority } = mesh;
    const own = `By=${authority.identity('payments')};Hash=[0-9a-f]{64};URI=${authority.identity('web')}`;
    expect(await ask()).toMatch(new RegExp(`\r\n\r\ncert ${own}$`));
  });

  it('is left out if the mesh entry says so, from the next request on', async () => {
    await write([{ Name: 'web', Action: 'allow' }], 'deny', put('mesh', 'mesh', { HTTP: { SanitizeXForwardedClientCert: true } }));
    expect(await ask()).toMatch(/\r\n\r\ncert undefined$/);
  });
});

describe('a change of permissions', () => {
  it('ends the requests that it forbids, and no others', async () => {
    await write([{ Name: 'web', Action: 'allow' }], 'deny');
    const begun = await RawClient.connect(mesh.upstream);
    begun.write('GET /slow HTTP/1.1\r\nHost: p\r\n\r\n');
    await begun.untilText('begun');
    const waiting = await RawClient.connect(mesh.upstream);
    waiting.write('POST /waits HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n');
    const allowed = await RawClient.connect(mesh.upstream);
    allowed.write('POST /fine HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\nConnection: close\r\n\r\n');
    await eventually(() => seen.length === 3, 'all of them are at the application');
    await write([{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/fine' } }] }], 'deny');
    expect(await begun.rest()).not.toContain('0\r\n\r\n');
    await waiting.untilText('RBAC: access denied');
    expect(waiting.text).toMatch(/^HTTP\/1\.1 403 /);
    allowed.write('ab');
    expect(await allowed.rest()).toMatch(/^HTTP\/1\.1 200 [\s\S]*payments \/fine/);
    for (const client of [begun, waiting, allowed]) client.close();
  });

  it('ends a conversation that left HTTP with a request that it forbids', async () => {
    await write([{ Name: 'web', Action: 'allow' }], 'deny');
    const talks = await httpApp(
      () => undefined,
      (server) =>
        server.on('upgrade', (_req, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello');
        }),
    );
    await mesh.configure({ app: talks.at });
    const client = await RawClient.connect(mesh.upstream);
    client.write('GET /chat HTTP/1.1\r\nHost: p\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await client.untilText('hello');
    await write([{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/chat' } }] }], 'deny');
    expect(client.ended).toBeUndefined();
    await write([{ Name: 'web', Permissions: [{ Action: 'deny', HTTP: { PathPrefix: '/chat' } }] }], 'allow');
    await client.rest();
    client.close();
    await mesh.configure({ app: app.at });
    await talks.close();
  });
});
