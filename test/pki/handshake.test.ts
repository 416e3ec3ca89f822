import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../src/pki/identity.ts';
import { issueLeaf, type Leaf } from '../../src/pki/leaf.ts';
import { createRoot, type Root } from '../../src/pki/root.ts';
import { serviceIdentity } from '../../src/pki/spiffe.ts';

const DOMAIN = 'f0f0f0f0-0000-0000-0000-000000000000.consul';
const random = { next: () => 0.25 };
const newRoot = () => createRoot({ trustDomain: DOMAIN, serial: 1, now: Date.now(), random });
const root = newRoot();
const leafOf = (service: string, from: Root = root, now = Date.now()) =>
  issueLeaf({ root: from, identity: serviceIdentity(DOMAIN, 'dc1', service), serial: 2, now });

let server: tls.Server | undefined;
afterEach(async () => {
  if (!server) return;
  server.close();
  await once(server, 'close');
  server = undefined;
});

interface Outcome {
  /** What each side read from the other's certificate. */
  readonly seenByServer: string | undefined;
  readonly seenByClient: string;
}

const uriOf = (socket: tls.TLSSocket): string => {
  const result = identityOf(socket.getPeerX509Certificate());
  return result.ok ? result.uri : result.error;
};

/** Connects a client to a server that both demand certificates of `root`; rejects with what either of them has against it. */
async function handshake(client: Leaf | undefined, serverLeaf: Leaf): Promise<Outcome> {
  let seenByServer: string | undefined;
  server = tls.createServer(
    {
      cert: serverLeaf.certPem,
      key: serverLeaf.keyPem,
      ca: root.certPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (socket) => {
      seenByServer = uriOf(socket);
      socket.on('error', () => undefined);
      socket.end('ok');
    },
  );
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca: root.certPem,
    ...(client ? { cert: client.certPem, key: client.keyPem } : {}),
    // Names are SPIFFE ids, not hosts; the chain is still checked.
    checkServerIdentity: () => undefined,
  });
  try {
    // In TLS 1.3 a client's handshake is over before the server has judged it: only the first read tells.
    const data = await new Promise((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed by the server')));
    });
    expect(String(data)).toBe('ok');
    return { seenByServer, seenByClient: uriOf(socket) };
  } finally {
    socket.destroy();
  }
}

describe('a TLS 1.3 handshake', () => {
  it('shows each side who the other is', async () => {
    const web = leafOf('web');
    const payments = leafOf('payments');
    expect(await handshake(web, payments)).toEqual({ seenByServer: web.identity, seenByClient: payments.identity });
    server?.close();
    await once(server!, 'close');
    expect(await handshake(payments, web)).toEqual({ seenByServer: payments.identity, seenByClient: web.identity });
  });

  it('refuses a client without a certificate', async () => {
    await expect(handshake(undefined, leafOf('payments'))).rejects.toThrow(/certificate required|closed by the server/);
  });

  it('refuses a client of another root of the same name', async () => {
    await expect(handshake(leafOf('web', newRoot()), leafOf('payments'))).rejects.toThrow('closed by the server');
  });

  it('refuses a client whose certificate is over', async () => {
    const expired = leafOf('web', root, Date.now() - 73 * 3_600_000);
    await expect(handshake(expired, leafOf('payments'))).rejects.toThrow('closed by the server');
  });

  it('refuses a server of another root', async () => {
    await expect(handshake(leafOf('web'), leafOf('payments', newRoot()))).rejects.toThrow(/signature|self-signed|unable to/i);
  });
});
