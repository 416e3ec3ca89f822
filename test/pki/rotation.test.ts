import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKeyAsync, type KeyKind } from '../../src/pki/key.ts';
import { issueLeaf } from '../../src/pki/leaf.ts';
import { adoptRoot, createRoot, crossSign, type Root } from '../../src/pki/root.ts';
import { formatIdentity, type Identity, serviceIdentity } from '../../src/pki/spiffe.ts';

const DOMAIN = '4e70fb75-1e2f-0222-be56-b37fad436501.consul';
const NOW = Date.now();
const random = { next: () => Math.random() };
const web = serviceIdentity(DOMAIN, 'dc1', 'web');
const rootOf = async (kind: KeyKind, serial = 7): Promise<Root> =>
  createRoot({ trustDomain: DOMAIN, serial, now: NOW, random, key: await generateKeyAsync(kind) });

const KINDS: readonly KeyKind[] = [
  { type: 'ec', bits: 224 },
  { type: 'ec', bits: 384 },
  { type: 'ec', bits: 521 },
  { type: 'rsa', bits: 2048 },
];

describe.each(KINDS)('a root with a key of kind %o', (kind) => {
  it('says so, and signs leaves and the root after it', async () => {
    const old = await rootOf(kind);
    const next = await rootOf({ type: 'ec', bits: 256 }, 8);
    expect([old.keyType, old.keyBits, next.keyType]).toEqual([kind.type, kind.bits, undefined]);
    const oldCertificate = new X509Certificate(old.certPem);
    expect(oldCertificate.verify(oldCertificate.publicKey)).toBe(true);
    const leaf = new X509Certificate(issueLeaf({ root: old, identity: web, serial: 9, now: NOW }).certPem);
    expect([leaf.verify(oldCertificate.publicKey), leaf.checkIssued(oldCertificate)]).toEqual([true, true]);
    const crossed = new X509Certificate(crossSign(old, next, { serial: 10, now: NOW }));
    expect([crossed.verify(oldCertificate.publicKey), crossed.checkIssued(oldCertificate)]).toEqual([true, true]);
    expect(new X509Certificate(issueLeaf({ root: next, identity: web, serial: 11, now: NOW }).certPem).checkIssued(crossed)).toBe(true);
  });
});

it.each<[Identity, string]>([
  [{ kind: 'agent', trustDomain: DOMAIN, datacenter: 'dc1', id: 'a1b2' }, 'CN=a1b2.agnt.4e70fb75.consul'],
  [{ kind: 'mesh-gateway', trustDomain: DOMAIN, datacenter: 'dc1' }, 'CN=dc1.mgw.4e70fb75.consul'],
  [{ kind: 'server', trustDomain: DOMAIN, datacenter: 'dc1' }, 'CN=dc1.srv.4e70fb75.consul'],
])('%o has a leaf too', async (identity, subject) => {
  const root = await rootOf({ type: 'ec', bits: 256 });
  const leaf = new X509Certificate(issueLeaf({ root, identity: formatIdentity(identity), serial: 9, now: NOW }).certPem);
  expect([leaf.subject, leaf.subjectAltName]).toEqual([subject, `URI:${formatIdentity(identity)}`]);
  expect(() => issueLeaf({ root, identity: formatIdentity({ kind: 'ca', trustDomain: DOMAIN }), serial: 9, now: NOW })).toThrow(
    'is no leaf',
  );
});

const openssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!openssl)(`openssl${openssl ? '' : ' (skipped: openssl is not installed)'}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pki-rotation-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const run = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('follows a leaf to the new root, and over what the old one says of it to the old one', async () => {
    const [old, next, other] = await Promise.all([7, 8, 9].map((serial) => rootOf({ type: 'ec', bits: 256 }, serial)));
    const crossed = crossSign(old!, next!, { serial: 10, now: NOW });
    const { certPem } = issueLeaf({ root: next!, identity: web, serial: 11, now: NOW, intermediates: [crossed] });
    const chain = file('chain.pem', certPem);
    const verify = (root: Root) => run('verify', '-CAfile', file('root.pem', root.certPem), '-untrusted', chain, chain);
    expect([verify(next!), verify(old!)]).toEqual([`${chain}: OK\n`, `${chain}: OK\n`]);
    expect(() => verify(other!)).toThrow();
  });

  it.each([
    ['an EC key', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['ec', 384]],
    ['an RSA key', ['rsa:2048'], ['rsa', 2048]],
  ])('makes a root with %s, which signs for us', async (_what, key, kind) => {
    const [keyFile, certFile] = [join(folder, 'own.key'), join(folder, 'own.pem')];
    run('req', '-x509', '-newkey', ...key, '-nodes', '-keyout', keyFile, '-out', certFile, '-subj', '/O=Ours/CN=our root');
    const [certPem, keyPem] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
    const own = adoptRoot(certPem, keyPem, DOMAIN);
    const certificate = new X509Certificate(certPem);
    expect([own.commonName, own.keyType, own.keyBits, own.notAfter]).toEqual(['our root', ...kind, Date.parse(certificate.validTo)]);
    expect(own.id.replaceAll(':', '').toUpperCase()).toBe(certificate.fingerprint.replaceAll(':', ''));

    const chain = file('own-leaf.pem', issueLeaf({ root: own, identity: web, serial: 12, now: NOW }).certPem);
    expect(run('verify', '-CAfile', certFile, chain)).toBe(`${chain}: OK\n`);
    // And is followed by, and follows, roots of our own making.
    const ours = await rootOf({ type: 'ec', bits: 256 });
    for (const [before, after] of [
      [ours, own],
      [own, ours],
    ] as const) {
      const intermediates = [crossSign(before, after, { serial: 13, now: NOW })];
      const leaf = file('leaf.pem', issueLeaf({ root: after, identity: web, serial: 14, now: NOW, intermediates }).certPem);
      expect(run('verify', '-CAfile', file('before.pem', before.certPem), '-untrusted', leaf, leaf)).toBe(`${leaf}: OK\n`);
    }
  });

  it('makes what is no root of ours', () => {
    const [keyFile, certFile] = [join(folder, 'leaf.key'), join(folder, 'no-ca.pem')];
    run(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      keyFile,
      '-out',
      certFile,
      '-subj',
      '/CN=x',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
    expect(() => adoptRoot(readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8'), DOMAIN)).toThrow(
      'the certificate is not that of a CA',
    );
  });
});
