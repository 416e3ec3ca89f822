import 'reflect-metadata';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey, keyId } from '../../src/pki/key.ts';
import { issueLeaf, LEAF_TTL_MS, type Leaf, signingKeyOf } from '../../src/pki/leaf.ts';
import { createRoot, ROOT_TTL_MS } from '../../src/pki/root.ts';
import { serviceIdentity } from '../../src/pki/spiffe.ts';

const NOW = Date.UTC(2026, 10, 22, 4, 12, 58, 123);
const DOMAIN = '4e70fb75-1e2f-0222-be56-b37fad436501.consul';
const random = { next: () => 0.5 };
const root = createRoot({ trustDomain: DOMAIN, serial: 7, now: NOW, random });
const issue = (service: string, serial = 8): Leaf =>
  issueLeaf({ root, signingKey: signingKeyOf(root), identity: serviceIdentity(DOMAIN, 'dc1', service), serial, now: NOW });
const colons = (bytes: Buffer) => bytes.toString('hex').replace(/..(?!$)/g, '$&:');

describe('root', () => {
  const certificate = new X509Certificate(root.certPem);

  it('describes its certificate', () => {
    expect(root).toMatchObject({
      id: colons(createHash('sha1').update(certificate.raw).digest()),
      name: 'Consul CA Root Cert',
      commonName: 'pri-iiiiiii.consul.ca.4e70fb75.consul',
      trustDomain: DOMAIN,
      serial: 7,
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
      signingKeyId: colons(keyId(certificate.publicKey.export({ type: 'spki', format: 'der' }))),
    });
    expect(root.notBefore).toBe(Date.UTC(2026, 10, 22, 4, 11, 58));
    expect(root.notAfter - root.notBefore).toBe(ROOT_TTL_MS);
    expect(certificate.subject).toBe(`CN=${root.commonName}`);
    expect(certificate.subjectAltName).toBe(`URI:spiffe://${DOMAIN}`);
    expect(certificate.serialNumber).toBe('07');
  });

  it('is a CA that signed itself', () => {
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(root.keyPem))).toBe(true);
  });

  it('is read the same by another library', async () => {
    const other = new x509.X509Certificate(root.certPem);
    expect(await other.isSelfSigned()).toBe(true);
    expect(other.signatureAlgorithm).toMatchObject({ name: 'ECDSA', hash: { name: 'SHA-256' } });
    const { usages, critical } = other.getExtension(x509.KeyUsagesExtension)!;
    expect(critical).toBe(true);
    expect(usages).toBe(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign);
    expect(other.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ critical: true, ca: true, pathLength: undefined });
    expect(other.getExtension(x509.ExtendedKeyUsageExtension)).toBeNull();
  });
});

describe('leaf', () => {
  const leaf = issue('web');
  const certificate = new X509Certificate(leaf.certPem);

  it('describes its certificate', () => {
    expect(leaf).toMatchObject({
      identity: `spiffe://${DOMAIN}/ns/default/dc/dc1/svc/web`,
      notBefore: Date.UTC(2026, 10, 22, 4, 11, 58),
      notAfter: Date.UTC(2026, 10, 25, 4, 11, 58),
      serial: 8,
    });
    expect(leaf.notAfter - leaf.notBefore).toBe(LEAF_TTL_MS);
    expect(Date.parse(certificate.validFrom)).toBe(leaf.notBefore);
    expect(Date.parse(certificate.validTo)).toBe(leaf.notAfter);
    expect(certificate.subjectAltName).toBe(`URI:${leaf.identity}`);
    expect(certificate.serialNumber).toBe('08');
  });

  it('was issued by the root and by no other', () => {
    const parent = new X509Certificate(root.certPem);
    expect(certificate.checkIssued(parent)).toBe(true);
    expect(certificate.verify(parent.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkPrivateKey(createPrivateKey(leaf.keyPem))).toBe(true);
    const stranger = new X509Certificate(createRoot({ trustDomain: DOMAIN, serial: 7, now: NOW, random }).certPem);
    expect(certificate.verify(stranger.publicKey)).toBe(false);
    expect(certificate.checkIssued(stranger)).toBe(false);
  });

  it('has Consul’s extensions, in its order', async () => {
    const other = new x509.X509Certificate(leaf.certPem);
    expect(other.extensions.map((extension) => [extension.type, extension.critical])).toEqual([
      ['2.5.29.15', true],
      ['2.5.29.37', false],
      ['2.5.29.19', true],
      ['2.5.29.14', false],
      ['2.5.29.35', false],
      ['2.5.29.17', false],
    ]);
    const { digitalSignature, keyEncipherment, dataEncipherment, keyAgreement } = x509.KeyUsageFlags;
    expect(other.getExtension(x509.KeyUsagesExtension)!.usages).toBe(digitalSignature | keyEncipherment | dataEncipherment | keyAgreement);
    expect(other.getExtension(x509.ExtendedKeyUsageExtension)!.usages).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
    expect(other.getExtension(x509.BasicConstraintsExtension)!.ca).toBe(false);
    const ownKeyId = keyId(certificate.publicKey.export({ type: 'spki', format: 'der' })).toString('hex');
    expect(other.getExtension(x509.SubjectKeyIdentifierExtension)!.keyId).toBe(ownKeyId);
    expect(other.getExtension(x509.AuthorityKeyIdentifierExtension)!.keyId).toBe(root.signingKeyId.replaceAll(':', ''));
    expect(other.getExtension(x509.SubjectAlternativeNameExtension)!.names.toJSON()).toEqual([{ type: 'url', value: leaf.identity }]);
    expect(await other.verify({ publicKey: new x509.X509Certificate(root.certPem), date: new Date(NOW) })).toBe(true);
  });

  it.each([
    ['My_Svc.x', 'mysvcx.svc.default.4e70fb75.consul'],
    [
      'a-very-long-service-name-that-goes-on-and-on-and-on-for-a-while-1234567890',
      'averylongservicenamethatgoesonandona.svc.default.4e70fb75.consul',
    ],
  ])('of %s has Consul’s common name', (service, commonName) => {
    const { subject, subjectAltName } = new X509Certificate(issue(service).certPem);
    expect(subject).toBe(`CN=${commonName}`);
    expect(subjectAltName).toBe(`URI:spiffe://${DOMAIN}/ns/default/dc/dc1/svc/${service}`);
  });

  it('gets a new key each time, or the one it is given', () => {
    expect(issue('web').keyPem).not.toBe(leaf.keyPem);
    const key = generateKey();
    const given = issueLeaf({ root, identity: leaf.identity, serial: 9, now: NOW, key });
    expect(new X509Certificate(given.certPem).checkPrivateKey(key.privateKey)).toBe(true);
  });

  it('does not outlive its root', () => {
    const late = issueLeaf({ root, identity: leaf.identity, serial: 9, now: root.notAfter - 1000 });
    expect(late.notAfter).toBe(root.notAfter);
  });

  it('is refused for another trust domain, or what is no service', () => {
    const attempt = (identity: string) => () => issueLeaf({ root, identity, serial: 1, now: NOW });
    expect(attempt('spiffe://other.consul/ns/default/dc/dc1/svc/web')).toThrow(
      `the root of trust domain ${DOMAIN} can't sign for spiffe://other`,
    );
    expect(attempt(`spiffe://${DOMAIN}`)).toThrow('SPIFFE ID is not in the expected format');
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!openssl)(`openssl${openssl ? '' : ' (skipped: openssl is not installed)'}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pki-'));
    writeFileSync(join(folder, 'root.pem'), root.certPem);
    writeFileSync(join(folder, 'leaf.pem'), issue(`web-${randomUUID()}`).certPem);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['sslclient', 'sslserver'])('accepts the chain strictly as %s', (purpose) => {
    const at = String(Math.floor(NOW / 1000));
    const args = ['verify', '-x509_strict', '-check_ss_sig', '-purpose', purpose, '-attime', at, '-CAfile', 'root.pem', 'leaf.pem'];
    expect(execFileSync('openssl', args, { cwd: folder, encoding: 'utf8' })).toBe('leaf.pem: OK\n');
  });
});
