import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkLeaves, checkRoots } from '../../../src/app/doctor/certificates.ts';
import { issueLeaf } from '../../../src/pki/leaf.ts';
import { createRoot, type Root } from '../../../src/pki/root.ts';
import { serviceIdentity } from '../../../src/pki/spiffe.ts';
import { random } from '../../control/harness.ts';

const DOMAIN = '11111111-2222-3333-4444-555555555555.consul';
const DAY = 86_400_000;
const now = Date.now();
const root = createRoot({ trustDomain: DOMAIN, serial: 7, now: now - DAY, random });
const json = ({ id, certPem }: Root, Active = true) => ({ ID: id, RootCert: certPem, Active });

/** What a sidecar shows whose leaf was issued then. */
async function sidecar(issuedAt: number, by: Root = root) {
  const leaf = issueLeaf({ root: by, identity: serviceIdentity(DOMAIN, 'dc1', 'web'), serial: 9, now: issuedAt });
  const server = createTlsServer({ cert: leaf.certPem, key: leaf.keyPem, requestCert: true, rejectUnauthorized: true });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { id: 'dc1/n/web-sidecar-proxy', service: 'web', listen: `127.0.0.1:${port}`, upstreams: [], configIndex: 1, servesIndex: 1 };
}

describe('the root', () => {
  it.each<[string, number, string, string]>([
    ['is valid', now, 'ok', 'is valid for 3649 days'],
    ['ends soon', root.notAfter - 5 * DAY, 'warn', 'the active root expires in 5 days'],
    ['has ended', root.notAfter + DAY, 'fail', 'the active root has expired 24 h ago'],
    ['is from the future', root.notBefore - DAY, 'fail', 'the active root is not valid before'],
  ])('%s', (_, at, state, found) => {
    const [first] = checkRoots([json(root)], at);
    expect(first).toMatchObject({ name: 'CA', state });
    expect(first!.found).toContain(found);
  });

  it('may not be there yet', () => {
    expect(checkRoots([], now)).toMatchObject([{ state: 'warn' }]);
  });
});

describe('what sidecars show', () => {
  it('is asked of themselves', async () => {
    const good = await sidecar(now);
    expect(await checkLeaves([good], [json(root)], now)).toMatchObject([
      { state: 'ok', found: expect.stringMatching(/^1 of sidecars; the first ends in 3 days/) },
    ]);
    expect(await checkLeaves([await sidecar(now - 4 * DAY)], [json(root)], now)).toMatchObject([
      { state: 'fail', found: expect.stringContaining('has expired 24 h ago') },
    ]);
    expect(await checkLeaves([await sidecar(now + DAY)], [json(root)], now)).toMatchObject([
      { state: 'fail', found: expect.stringContaining('is not valid before') },
    ]);
    expect(await checkLeaves([], [json(root)], now)).toEqual([]);
  });

  it('comes from a root that is trusted', async () => {
    const other = createRoot({ trustDomain: DOMAIN, serial: 8, now: now - DAY, random });
    expect(await checkLeaves([await sidecar(now, other)], [json(root)], now)).toMatchObject([
      { state: 'warn', found: 'that of dc1/n/web-sidecar-proxy was signed by none of the roots that are trusted now' },
    ]);
    expect(await checkLeaves([await sidecar(now, other)], [json(root), json(other, false)], now)).toMatchObject([{ state: 'ok' }]);
  });

  it('is nothing where nobody speaks TLS', async () => {
    const plain = createServer((socket) => socket.end('hello\n'));
    await new Promise<void>((resolve) => void plain.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void plain.close());
    const { port } = plain.address() as AddressInfo;
    const one = { ...(await sidecar(now)), listen: `127.0.0.1:${port}` };
    expect(await checkLeaves([one], [json(root)], now)).toMatchObject([
      { state: 'fail', found: expect.stringContaining('does not show one') },
    ]);
  });
});
