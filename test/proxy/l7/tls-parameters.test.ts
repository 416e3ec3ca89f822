import { once } from 'node:events';
import { type ConnectionOptions, connect, createServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { authority, EntryWorld } from './entry-world.ts';

let world: EntryWorld;
afterEach(() => world.close());

const start = async (): Promise<void> => {
  world = await EntryWorld.start({
    instances: { one: { of: 'payments', app: (_req, res) => void res.end('one') } },
    upstreams: ['payments'],
  });
};
const { certPem: cert, keyPem: key } = authority.leaf('web');

/** What a client with web's certificate gets to speak with the sidecar of payments: version, cipher and curve, or `refused`. */
async function handshake(options: ConnectionOptions = {}): Promise<string> {
  const { address: host, port } = world.listener('one');
  const socket = connect({ host, port, cert, key, ca: authority.root.certPem, checkServerIdentity: () => undefined, ...options });
  return new Promise((resolve) => {
    socket.on('error', () => resolve('refused'));
    socket.on('secureConnect', () => {
      const curve = (socket.getEphemeralKeyInfo() as { name?: string }).name;
      resolve(`${socket.getProtocol()} ${socket.getCipher().standardName} ${curve}`);
      socket.destroy();
    });
  });
}

/** What web's sidecar offers to a server that takes only this, and why its request fails: that is no HTTP server in any case. */
async function offered(options: TlsOptions): Promise<[got: string, reason: unknown]> {
  const leaf = authority.leaf('payments');
  const server = createServer({ cert: leaf.certPem, key: leaf.keyPem, ca: authority.root.certPem, requestCert: true, ...options });
  const seen = new Promise<string>((resolve) => {
    server.on('secureConnection', (socket) => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
      socket.on('error', () => undefined).once('data', () => socket.end('no answer'));
    });
    server.on('tlsClientError', () => resolve('refused'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await world.kill('one', { address: '127.0.0.1', port: (server.address() as { port: number }).port });
  const { headers } = await world.call('payments');
  server.close();
  return [await seen, headers['x-mesh-reason']];
}

const TLS12: ConnectionOptions = { maxVersion: 'TLSv1.2' };
const mesh = (TLS: object) => world.write('mesh', 'mesh', { TLS });

describe('mesh TLS.Incoming', () => {
  it('is TLS 1.3 alone unless somebody says otherwise', async () => {
    await start();
    expect([await handshake(TLS12), (await handshake()).split(' ')[0]]).toEqual(['refused', 'TLSv1.3']);
  });

  it('TLSMinVersion lets older peers in, and out again, without a new listener', async () => {
    await start();
    await mesh({ Incoming: { TLSMinVersion: 'TLSv1_2' } });
    expect((await handshake(TLS12)).split(' ')[0]).toBe('TLSv1.2');
    expect((await handshake()).split(' ')[0]).toBe('TLSv1.3');
    await mesh({ Incoming: { TLSMinVersion: 'TLSv1_3' } });
    expect(await handshake(TLS12)).toBe('refused');
    expect((await world.call('payments')).body).toBe('one');
  });

  it('CipherSuites hold for 1.2', async () => {
    await start();
    const CipherSuites = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'];
    await mesh({ Incoming: { TLSMinVersion: 'TLSv1_2', CipherSuites } });
    expect(await handshake(TLS12)).toContain('TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
    expect(await handshake({ ...TLS12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toBe('refused');
    expect((await handshake()).split(' ')[0]).toBe('TLSv1.3');
  });

  it('ECDHCurves are those of the exchange of keys', async () => {
    await start();
    await mesh({ Incoming: { TLSMinVersion: 'TLSv1_2', ECDHCurves: ['P-384', 'X25519MLKEM768'] } });
    expect(await handshake()).toContain('secp384r1');
    expect(await handshake({ ecdhCurve: 'X25519' })).toBe('refused');
  });

  it('TLSMaxVersion is met by callers that go so low, and by no others', async () => {
    await start();
    await mesh({ Incoming: { TLSMaxVersion: 'TLSv1_2' } });
    expect((await world.call('payments')).status).toBe(503);
    await mesh({ Incoming: { TLSMaxVersion: 'TLSv1_2' }, Outgoing: { TLSMinVersion: 'TLSv1_2' } });
    expect((await world.call('payments')).body).toBe('one');
    expect((await handshake()).split(' ')[0]).toBe('TLSv1.2');
  });
});

describe('mesh TLS.Outgoing', () => {
  it('is TLS 1.3 alone unless somebody says otherwise', async () => {
    await start();
    expect((await offered({ maxVersion: 'TLSv1.2' }))[0]).toBe('refused');
  });

  it('offers what it is told, to peers whose identity is checked all the same', async () => {
    await start();
    await mesh({ Outgoing: { TLSMinVersion: 'TLSv1_2', CipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] } });
    const got = 'TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    expect((await offered({ maxVersion: 'TLSv1.2' }))[0]).toBe(got);
    const other = authority.leaf('billing');
    expect(await offered({ maxVersion: 'TLSv1.2', cert: other.certPem, key: other.keyPem })).toEqual([
      got,
      expect.stringContaining('/svc/billing, expected spiffe://'),
    ]);
  });
});
