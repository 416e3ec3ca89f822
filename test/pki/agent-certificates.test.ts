import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAgentCa, issueAgentCertificate } from '../../src/pki/agent-certificates.ts';
import { temporaryFolder } from '../drivers/fixture/folder.ts';

const NOW = Date.UTC(2030, 0, 1);
const names = { dnsNames: ['server.dc1.consul', 'localhost'], ipAddresses: ['127.0.0.1'] };
const issue = (ca: { certPem: string; keyPem: string }, use: 'server' | 'client' | 'cli' = 'server') =>
  issueAgentCertificate({
    caCertPem: ca.certPem,
    caKeyPem: ca.keyPem,
    use,
    name: `${use}.dc1.consul`,
    ...names,
    serial: 77n,
    days: 365,
    now: NOW,
  });

it('a CA of agents signs what OpenSSL accepts for both ends', () => {
  const ca = createAgentCa({ serial: 42n, days: 10, now: NOW });
  const leaf = issue(ca);
  const [authority, certificate] = [new X509Certificate(ca.certPem), new X509Certificate(leaf.certPem)];
  expect([authority.subject, authority.ca, certificate.ca]).toEqual(['CN=Consul Agent CA 42', true, false]);
  expect(certificate.subject).toBe('CN=server.dc1.consul');
  expect(certificate.subjectAltName).toBe('DNS:server.dc1.consul, DNS:localhost, IP Address:127.0.0.1');
  expect(Date.parse(certificate.validTo) - NOW).toBe(365 * 86_400_000);
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'ca.pem'), ca.certPem);
  writeFileSync(join(dir, 'leaf.pem'), leaf.certPem);
  const at = String(NOW / 1000 + 60);
  for (const purpose of ['sslserver', 'sslclient'])
    expect(
      execFileSync('openssl', [
        'verify',
        '-attime',
        at,
        '-purpose',
        purpose,
        '-CAfile',
        join(dir, 'ca.pem'),
        join(dir, 'leaf.pem'),
      ]).toString(),
    ).toMatch(/leaf\.pem: OK/);
});

it('one that may sign for some names only is not believed for others', () => {
  const dir = temporaryFolder();
  const verify = (onlyFor: readonly string[]) => {
    const ca = createAgentCa({ serial: 1n, days: 10, now: NOW, onlyFor });
    writeFileSync(join(dir, 'ca.pem'), ca.certPem);
    writeFileSync(join(dir, 'leaf.pem'), issue(ca).certPem);
    return execFileSync('openssl', ['verify', '-attime', String(NOW / 1000 + 60), '-CAfile', join(dir, 'ca.pem'), join(dir, 'leaf.pem')], {
      stdio: 'pipe',
    }).toString();
  };
  expect(verify(['consul', 'localhost'])).toMatch(/OK/);
  expect(() => verify(['example.com', 'localhost'])).toThrow(/permitted subtree violation/);
});

it('says what is wrong with a CA', () => {
  const [ca, other] = [createAgentCa({ serial: 1n, days: 10, now: NOW }), createAgentCa({ serial: 2n, days: 10, now: NOW })];
  expect(() => issue({ ...ca, keyPem: other.keyPem })).toThrow('the key is not that of the CA');
  expect(() => issue({ ...issue(ca), keyPem: ca.keyPem })).toThrow('the certificate is not that of a CA');
  expect(() => issue({ ...ca, certPem: 'no' })).toThrow('no PEM-encoded data found');
});
