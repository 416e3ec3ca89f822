import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type RequestOptions as HttpOptions, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsSettings } from '../../../src/control/http/settings.ts';
import { issueLeaf, type Leaf, signingKeyOf } from '../../../src/pki/leaf.ts';
import { createRoot } from '../../../src/pki/root.ts';
import { serviceIdentity } from '../../../src/pki/spiffe.ts';
import { openTestPlane, random, type TestPlane } from '../harness.ts';

let test: TestPlane;
let sockets: string;
beforeAll(async () => {
  test = await openTestPlane();
  sockets = await mkdtemp(join(tmpdir(), 'mesh-http-'));
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  await rm(sockets, { recursive: true });
});

/** Status and body, or the error's code. */
function get(
  options: HttpOptions & { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly maxVersion?: 'TLSv1.2' },
) {
  const isSecure = options.ca !== undefined;
  return new Promise<string>((resolve) => {
    const tls = { checkServerIdentity: () => undefined };
    const outgoing = (isSecure ? secureRequest : request)(
      { path: '/v1/catalog/datacenters', agent: false, ...tls, ...options },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += String(chunk);
        });
        response.on('error', (error) => resolve(error.message));
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    outgoing.end();
  });
}

describe('a Unix socket', () => {
  it('serves its owner, whatever the host is called, and is gone with the listener', async () => {
    const path = join(sockets, 'api.sock');
    const listener = await test.plane.listenHttp({ path });
    expect([listener.host, listener.port, (await stat(path)).mode & 0o777]).toEqual([path, 0, 0o600]);
    expect(await get({ socketPath: path, headers: { Host: 'evil.example' } })).toBe('200 ["dc1"]');
    await expect(test.plane.listenHttp({ path })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await listener.close();
    expect(await readdir(sockets)).toEqual([]);
  });

  it('takes the place of one that a killed process left, and of nothing else', async () => {
    const path = join(sockets, 'left.sock');
    const left = createServer();
    await new Promise<void>((resolve) => left.listen(path, resolve));
    // Closing would take the name away, which a kill doesn't.
    await rename(path, `${path}.kept`);
    await new Promise((resolve) => left.close(resolve));
    await rename(`${path}.kept`, path);
    const listener = await test.plane.listenHttp({ path, mode: 0o660 });
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    expect(await get({ socketPath: path })).toBe('200 ["dc1"]');
    await listener.close();

    const file = join(sockets, 'file');
    await writeFile(file, 'precious');
    await expect(test.plane.listenHttp({ path: file })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('HTTPS', () => {
  const now = Date.now();
  const authority = (serial: number) => createRoot({ trustDomain: 'b1a5e0a7-0000-0000-0000-000000000000.consul', serial, now, random });
  const root = authority(1);
  const leaf = (of = root): Leaf => {
    const identity = serviceIdentity(of.trustDomain, 'dc1', 'web');
    return issueLeaf({ root: of, signingKey: signingKeyOf(of), identity, serial: 8, now });
  };
  const own = leaf();
  const tls: TlsSettings = { cert: own.certPem, key: own.keyPem };
  const at = { host: '127.0.0.1', port: 0 };

  it('serves those who trust it, and nobody in plaintext', async () => {
    await using listener = await test.plane.listenHttp({ ...at, tls });
    const { port } = listener;
    expect(await get({ port, ca: root.certPem })).toBe('200 ["dc1"]');
    expect(await get({ port, ca: root.certPem, headers: { Origin: `https://127.0.0.1:${port}`, Host: `127.0.0.1:${port}` } })).toBe(
      '200 ["dc1"]',
    );
    expect(await get({ port })).not.toContain('dc1');
  });

  it('wants a certificate of its CA when it verifies', async () => {
    await using listener = await test.plane.listenHttp({ ...at, tls: { ...tls, ca: root.certPem, verifyIncoming: true } });
    const { port } = listener;
    const stranger = leaf(authority(2));
    expect(await get({ port, ca: root.certPem, cert: own.certPem, key: own.keyPem })).toBe('200 ["dc1"]');
    expect(await get({ port, ca: root.certPem })).not.toContain('dc1');
    expect(await get({ port, ca: root.certPem, cert: stranger.certPem, key: stranger.keyPem })).not.toContain('dc1');
  });

  it('cuts off who does not say what it wants in time', async () => {
    await using listener = await test.plane.listenHttp({ ...at, tls, settings: { handshakeTimeoutMs: 20 } });
    const silent = connect(listener.port, listener.host);
    silent.on('error', () => undefined);
    await once(silent, 'close');
    // Who is quick enough is served; on a busy machine not everybody is, at the first try.
    await expect.poll(() => get({ port: listener.port, ca: root.certPem }), { timeout: 30_000 }).toBe('200 ["dc1"]');
  });

  it('waits for no handshake when it closes', async () => {
    const listener = await test.plane.listenHttp({ ...at, tls });
    const silent = connect(listener.port, listener.host);
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    // By then the other one has come to the server.
    expect(await get({ port: listener.port, ca: root.certPem })).toBe('200 ["dc1"]');
    await listener.close();
    await closed;
  });

  it('refuses older versions, and takes other certificates while it runs', async () => {
    await using listener = await test.plane.listenHttp({ ...at, tls: { ...tls, minVersion: 'TLSv1.3' } });
    const { port } = listener;
    expect(await get({ port, ca: root.certPem, maxVersion: 'TLSv1.2' })).not.toContain('dc1');
    const other = authority(3);
    const renewed = leaf(other);
    listener.setTls({ cert: renewed.certPem, key: renewed.keyPem });
    expect(await get({ port, ca: other.certPem })).toBe('200 ["dc1"]');
  });

  it('listens without a certificate, as Consul does, and lets nobody in until it has one', async () => {
    await using listener = await test.plane.listenHttp({ ...at, tls: {} });
    const { port } = listener;
    expect(await get({ port, ca: root.certPem })).toBe('EPROTO');
    listener.setTls(tls);
    expect(await get({ port, ca: root.certPem })).toBe('200 ["dc1"]');
  });

  it('says at once that certificate and key do not fit', async () => {
    await expect(test.plane.listenHttp({ ...at, tls: { cert: own.certPem, key: leaf().keyPem } })).rejects.toThrow(/key values mismatch/);
    await using plain = await test.plane.listenHttp(at);
    expect(() => plain.setTls(tls)).toThrow('speaks no TLS');
  });
});

describe('settings', () => {
  it('open the door for names and pages that the user names', async () => {
    const openings = { hosts: ['consul.internal', '*.lan'], origins: ['https://dashboard.internal'] };
    await using listener = await test.plane.listenHttp({ host: '127.0.0.1', port: 0, settings: { openings } });
    const { port } = listener;
    const statuses = async (headers: Record<string, string>): Promise<string> => (await get({ port, headers })).slice(0, 3);
    expect(await statuses({ Host: 'consul.internal:8500' })).toBe('200');
    expect(await statuses({ Host: 'a.b.lan' })).toBe('200');
    expect(await statuses({ Host: 'lan' })).toBe('403');
    expect(await statuses({ Host: 'evil.example' })).toBe('403');
    const site = { 'Sec-Fetch-Site': 'cross-site' };
    expect(await statuses({ Origin: 'https://dashboard.internal', ...site })).toBe('200');
    expect(await statuses({ Origin: 'https://evil.example', ...site })).toBe('403');
    expect(await statuses({ Origin: 'https://dashboard.internal', Host: 'evil.example' })).toBe('403');
  });

  it('take the cache of the agent away', async () => {
    await using listener = await test.plane.listenHttp({ host: '127.0.0.1', port: 0, settings: { useCache: false } });
    const { headers } = await fetch(`http://127.0.0.1:${listener.port}/v1/health/service/web?cached`);
    expect([headers.get('x-cache'), headers.get('age')]).toEqual([null, null]);
  });

  it('indent answers, add headers, and block paths', async () => {
    const settings = { alwaysPretty: true, headers: { 'X-Site': 'lab' }, blockEndpoints: ['/v1/kv/'] };
    await using listener = await test.plane.listenHttp({ host: '127.0.0.1', port: 0, settings });
    const { port } = listener;
    expect(await get({ port })).toBe('200 [\n    "dc1"\n]\n');
    expect(await get({ port, path: '/v1/kv/a' })).toBe('403 Endpoint is blocked by agent configuration');
    const headers = await new Promise((resolve) => {
      request({ port, path: '/v1/status/leader', agent: false }, (response) => {
        response.resume();
        resolve(response.headers);
      }).end();
    });
    expect(headers).toMatchObject({ 'x-site': 'lab', vary: 'Accept-Encoding' });
  });
});
