import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOctets } from '../../src/pki/ip-address.ts';
import { createUserCa, issueUserLeaf, readUserCa } from '../../src/pki/user-certificates.ts';

const NOW = Date.now();
const root = createUserCa({ name: 'root', serial: 0x41n, now: NOW });
const ca = readUserCa(root.certPem, root.keyPem);
const leaf = issueUserLeaf(ca, {
  name: 'web',
  serial: 0x42n,
  now: NOW,
  dnsNames: ['localhost', '*.example.com', 'localhost:30090'],
  ipAddresses: ['127.0.0.1', '::1', '2001:db8::8:800:200c:417a'],
});

describe('certificates of users', () => {
  const certificate = new X509Certificate(leaf.certPem);
  const issuer = new X509Certificate(root.certPem);

  it('say who they are for, and by whom', () => {
    expect(issuer).toMatchObject({ ca: true, subject: 'CN=root', serialNumber: '41' });
    expect(certificate).toMatchObject({ ca: false, subject: 'CN=web', issuer: 'CN=root', serialNumber: '42' });
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, DNS:*.example.com, DNS:localhost:30090, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:8:800:200C:417A',
    );
    expect(certificate.checkHost('a.example.com')).toBe('*.example.com');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
  });

  it('have keys that fit', () => {
    expect(() => readUserCa(root.certPem, leaf.keyPem)).toThrow('the key is not that of the certificate');
    expect(() => readUserCa(leaf.certPem, leaf.keyPem)).toThrow('the certificate is not that of a CA');
    expect(() => readUserCa('nonsense', root.keyPem)).toThrow('expected PEM, "CERTIFICATE"');
    expect(() => readUserCa(root.certPem, 'nonsense')).toThrow('expected PEM, "EC PRIVATE KEY"');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(() => readUserCa(root.certPem, String(rsa))).toThrow('the private key is rsa, expected EC P-256');
  });

  it('never outlive their CA', () => {
    const old = issueUserLeaf({ ...ca, notAfter: NOW + 60_000 }, { name: 'web', serial: 1n, now: NOW, dnsNames: [], ipAddresses: [] });
    expect(Date.parse(new X509Certificate(old.certPem).validTo)).toBe(Math.floor((NOW + 60_000) / 1000) * 1000);
    expect(new X509Certificate(old.certPem).subjectAltName).toBeUndefined();
  });

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)('hold before openssl', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesh-openssl-'));
    try {
      writeFileSync(join(folder, 'root.cert'), root.certPem);
      writeFileSync(join(folder, 'web.cert'), leaf.certPem);
      const verify = (...more: string[]) =>
        spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', 'root.cert', ...more, 'web.cert'], { cwd: folder, encoding: 'utf8' });
      expect(verify('-purpose', 'sslserver', '-verify_hostname', 'localhost')).toMatchObject({ stdout: 'web.cert: OK\n', status: 0 });
      expect(verify('-purpose', 'sslclient', '-verify_ip', '::1')).toMatchObject({ status: 0 });
      expect(verify('-verify_hostname', 'other').status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('IP addresses', () => {
  it.each([
    ['127.0.0.1', '7f000001'],
    ['::', '00000000000000000000000000000000'],
    ['fe80::1:2', 'fe800000000000000000000000010002'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:10.5.0.1', '00000000000000000000ffff0a050001'],
  ])('%s', (address, octets) => {
    expect(addressOctets(address).toString('hex')).toBe(octets);
  });

  it.each(['localhost', '1.2.3', '1.2.3.256', ':::', '', '[::1]', '80'])('refuses %j', (text) => {
    expect(() => addressOctets(text)).toThrow(RangeError);
  });
});
