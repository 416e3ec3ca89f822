import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { type Authority, openAuthority } from '../../../src/control/ca/authority.ts';
import { LEAF_TTL_MS } from '../../../src/pki/leaf.ts';
import { createRoot } from '../../../src/pki/root.ts';
import { serviceIdentity } from '../../../src/pki/spiffe.ts';
import { openLog } from '../../../src/store/log.ts';
import { diskStorage, memoryStorage } from '../../../src/store/storage.ts';
import { ManualClock, random } from '../harness.ts';

const START = Date.UTC(2026, 0, 1);
let dir: string;
let clock: ManualClock;
let renewals: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-ca-'));
  clock = new ManualClock(START);
  renewals = 0;
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (): Promise<Authority> =>
  openAuthority({
    storage: diskStorage(dir, { sync: true }),
    clock,
    random,
    log: silentLog,
    latestIndex: () => 0,
    onRenewed: () => void renewals++,
    publish: () => Promise.resolve(),
  });

const configure = (
  authority: Authority,
  config: Record<string, unknown>,
  more: { provider?: string; force?: boolean } = {},
): Promise<void> => authority.configure({ provider: more.provider ?? 'consul', config, forceWithoutCrossSigning: more.force ?? false });

const refusal = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'nothing',
    (error: Error) => error.message,
  );

const HOUR = 3_600_000;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
const pemsOf = (text: string): X509Certificate[] =>
  text.match(/-+BEGIN[\s\S]*?-+END CERTIFICATE-+/g)!.map((pem) => new X509Certificate(pem));

it('makes a root once, keeps it private, and has the same one after a restart', async () => {
  const first = await open();
  const root = first.roots[0]!;
  expect(first.trustDomain).toMatch(/^[0-9a-f-]{36}\.consul$/);
  await first[Symbol.asyncDispose]();
  expect(await readdir(dir)).toEqual(['ca.log', 'ca.log.mark']);
  expect((await stat(join(dir, 'ca.log'))).mode & 0o777).toBe(0o600);

  await using second = await open();
  expect(second.roots).toEqual([root]);
  expect(second.trustDomain).toBe(first.trustDomain);
});

it('issues a leaf for an identity once, signed by the root, with numbers that never repeat', async () => {
  const first = await open();
  const web = serviceIdentity(first.trustDomain, 'dc1', 'web');
  const leaf = first.leaf(web);
  expect(first.leaf(web)).toBe(leaf);
  const certificate = new X509Certificate(leaf.certPem);
  expect(certificate.verify(new X509Certificate(first.roots[0]!.certPem).publicKey)).toBe(true);
  expect(certificate.subjectAltName).toContain(web);
  const other = first.leaf(serviceIdentity(first.trustDomain, 'dc1', 'payments'));
  await first[Symbol.asyncDispose]();

  await clock.advanceTo(START + 1000);
  await using second = await open();
  expect(new Set([leaf.serial, other.serial, second.leaf(web).serial, 7]).size).toBe(4);
});

it('renews a leaf between 60 and 90 percent of its life, and tells', async () => {
  await using authority = await open();
  const web = serviceIdentity(authority.trustDomain, 'dc1', 'web');
  const leaf = authority.leaf(web);
  await clock.advanceTo(leaf.notBefore + 0.59 * LEAF_TTL_MS);
  expect(authority.leaf(web)).toBe(leaf);
  expect(renewals).toBe(0);
  await clock.advanceTo(leaf.notBefore + 0.91 * LEAF_TTL_MS);
  expect(renewals).toBe(1);
  expect(authority.leaf(web).notAfter).toBeGreaterThan(leaf.notAfter);
});

it('no longer renews what is not retained, and leaves no timer when it closes', async () => {
  const authority = await open();
  const web = serviceIdentity(authority.trustDomain, 'dc1', 'web');
  const leaf = authority.leaf(web);
  authority.retain(new Set());
  await clock.advanceTo(leaf.notAfter);
  expect(renewals).toBe(0);
  expect(authority.leaf(web)).not.toBe(leaf);
  await authority[Symbol.asyncDispose]();
  expect(clock.sleeping).toBe(0);
});

it('goes on with the root of an earlier version, which wrote nothing else', async () => {
  const root = createRoot({ trustDomain: 'old.consul', serial: 7, now: START, random });
  await using log = await openLog(join(dir, 'ca.log'), { sync: false });
  await log.append(root);
  await log.close();
  await using authority = await open();
  expect([authority.trustDomain, authority.roots]).toEqual(['old.consul', [root]]);
  await configure(authority, { PrivateKey: KEY });
  expect(authority.roots.map((one) => one.serial)).toEqual([8, 7]);
});

describe('a configuration with another key', () => {
  it('makes a new root, cross-signed by the old one, which stays without its key; all that outlives a restart', async () => {
    const first = await open();
    const web = serviceIdentity(first.trustDomain, 'dc1', 'web');
    const before = first.leaf(web);
    const oldRoot = new X509Certificate(first.roots[0]!.certPem);
    await configure(first, { LeafCertTTL: '24h', PrivateKey: KEY });
    expect(renewals).toBe(1);

    const { roots, config } = first.publication('dc1');
    expect(config).toEqual({ Provider: 'consul', Config: { LeafCertTTL: '24h', PrivateKey: 'hidden' }, ForceWithoutCrossSigning: false });
    expect(roots.map((root) => [root.SerialNumber, root.Active, root.IntermediateCerts?.length ?? null])).toEqual([
      [8, true, 1],
      [7, false, null],
    ]);
    const newRoot = new X509Certificate(roots[0]!.RootCert);
    const crossSigned = new X509Certificate(roots[0]!.IntermediateCerts![0]!);
    expect([crossSigned.serialNumber, crossSigned.subject, crossSigned.issuer]).toEqual(['09', newRoot.subject, oldRoot.subject]);
    expect([crossSigned.verify(oldRoot.publicKey), crossSigned.checkIssued(oldRoot), crossSigned.ca]).toEqual([true, true, true]);
    expect(crossSigned.publicKey.equals(newRoot.publicKey)).toBe(true);
    expect((Date.parse(crossSigned.validTo) - Date.parse(crossSigned.validFrom)) / HOUR).toBe(7 * 24);

    const after = first.leaf(web);
    const [leaf, intermediate] = pemsOf(after.certPem);
    expect(after.certPem).not.toBe(before.certPem);
    expect(leaf!.verify(newRoot.publicKey)).toBe(true);
    expect(intermediate!.raw.equals(crossSigned.raw)).toBe(true);
    expect(after.notAfter - after.notBefore).toBe(24 * HOUR);

    await first[Symbol.asyncDispose]();
    const stored = await readFile(join(dir, 'ca.log'), 'utf8');
    expect(stored.match(/"keyPem":"[^"]/g)).toHaveLength(1);
    await using second = await open();
    expect(second.publication('dc1')).toEqual({ type: 'set-ca', dc: 'dc1', roots, config });
  });

  it('forgets the old root when no leaf of it can be left', async () => {
    await using authority = await open();
    await configure(authority, { LeafCertTTL: '24h', PrivateKey: KEY });
    await clock.advanceTo(START + HOUR);
    await clock.advanceTo(START + 47 * HOUR);
    expect(authority.roots).toHaveLength(2);
    await clock.advanceTo(START + 49 * HOUR);
    await expect.poll(() => authority.roots.length).toBe(1);
  });

  it.each([
    ['the same again', { PrivateKey: KEY }, 8],
    ['the same, as it was shown', { PrivateKey: 'hidden' }, 8],
    ['another lifetime', { PrivateKey: 'hidden', LeafCertTTL: '1h' }, 8],
    ['another kind of key than the one that was given', { PrivateKey: KEY, PrivateKeyType: 'rsa', PrivateKeyBits: 2048 }, 8],
    ['none', {}, 10],
    ['another kind of key that is made', { PrivateKeyBits: 384 }, 10],
  ])('and then with %s', async (_what, config, serial) => {
    await using authority = await open();
    await configure(authority, { PrivateKey: KEY });
    await configure(authority, config);
    expect(authority.roots[0]!.serial).toBe(serial);
  });

  it('is refused in Consul’s words, without the key in them, and then changes nothing', async () => {
    await using authority = await open();
    const before = authority.publication('dc1');
    const attempts = [
      configure(authority, {}, { provider: 'bogus' }),
      configure(authority, {}, { provider: 'vault' }),
      configure(authority, { Token: 'x' }, { provider: 'vault' }),
      configure(authority, {}, { provider: 'aws-pca' }),
      configure(authority, { LeafCertTTL: '1m' }),
      configure(authority, { PrivateKey: 'xx' }),
      configure(authority, { PrivateKey: KEY, RootCert: 'xx' }),
      configure(authority, { PrivateKey: KEY, RootCert: authority.roots[0]!.certPem }),
      configure(authority, { RootCert: 'xx' }),
    ];
    expect(await Promise.all(attempts.map(refusal))).toEqual([
      'could not initialize provider: unknown CA provider "bogus"',
      'error configuring provider: must provide a Vault token',
      'could not initialize provider: unknown CA provider "vault"',
      'error generating CA root certificate: MissingRegion: could not find region configuration',
      'error configuring provider: leaf cert TTL must be greater or equal than 1h0m0s',
      'error generating CA root certificate: error generating CA: error parsing private key: no PEM-encoded data found',
      'error parsing root fingerprint: no PEM-encoded data found',
      'error parsing root fingerprint: the private key is not that of the root cert',
      'error configuring provider: must provide a private key when providing a root cert',
    ]);
    expect(authority.publication('dc1')).toEqual(before);
  });

  it('goes without cross-signing only if that is asked for', async () => {
    await using authority = await open();
    await configure(authority, { DisableCrossSigning: true });
    expect(await refusal(configure(authority, { PrivateKey: KEY }))).toMatch(/^The current CA Provider does not support cross-signing\. /);
    await configure(authority, { PrivateKey: KEY }, { force: true });
    expect(authority.publication('dc1').roots.map((root) => [root.Active, root.IntermediateCerts])).toEqual([
      [true, null],
      [false, null],
    ]);
  });
});

it('is what an agent’s configuration says, when it is made', async () => {
  const options = { storage: memoryStorage(), clock, random, log: silentLog };
  const callbacks = { latestIndex: () => 0, onRenewed: () => undefined, publish: () => Promise.resolve() };
  await using authority = await openAuthority({ ...options, ...callbacks, config: { LeafCertTTL: '1h', PrivateKeyBits: 384 } });
  const { roots, config } = authority.publication('dc1');
  expect([roots[0]!.PrivateKeyBits, config.Config]).toEqual([384, { LeafCertTTL: '1h', PrivateKeyBits: 384 }]);
  const ClusterID = '11111111-2222-3333-4444-555555555555';
  await using named = await openAuthority({ ...options, storage: memoryStorage(), ...callbacks, config: { ClusterID } });
  expect(named.trustDomain).toBe(`${ClusterID}.consul`);
  const wrong = openAuthority({ ...options, ...callbacks, config: { LeafCertTTL: '1m' } });
  await expect(wrong).rejects.toThrow('connect.ca_config: error configuring provider: leaf cert TTL must be greater or equal than 1h0m0s');
});

it('replaces a root that nears its end', async () => {
  await using authority = await open();
  await configure(authority, { LeafCertTTL: '1h', IntermediateCertTTL: '3h', RootCertTTL: '20h', PrivateKey: KEY });
  const [short] = authority.roots;
  await clock.advanceTo(START + HOUR);
  expect(authority.roots[0]).toBe(short);
  await clock.advanceTo(START + 19 * HOUR);
  await expect.poll(() => authority.roots[0]!.serial).toBe(10);
  expect(authority.publication('dc1').roots[0]!.IntermediateCerts).toHaveLength(1);
});

it('signs for others as often as it is allowed to', async () => {
  await using authority = await open();
  await configure(authority, { CSRMaxPerSecond: 2 });
  const signal = new AbortController().signal;
  const serve = (name: string) => authority.serve(serviceIdentity(authority.trustDomain, 'dc1', name), signal);
  const { served, isNew } = await serve('a');
  expect([isNew, served.index]).toEqual([true, 1]);
  const second = serve('b');
  expect(await refusal(serve('c'))).toBe('Rate limit reached, try again later');
  await clock.advanceTo(START + 500);
  expect((await second).served.index).toBe(2);
  // What is there already costs nothing.
  expect(await serve('a')).toEqual({ served, isNew: false });
});
