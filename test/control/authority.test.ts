import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../src/base/ports.ts';
import { type Authority, openAuthority } from '../../src/control/authority.ts';
import { LEAF_TTL_MS } from '../../src/pki/leaf.ts';
import { serviceIdentity } from '../../src/pki/spiffe.ts';
import { ManualClock, random } from './harness.ts';

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
  openAuthority({ dir, durable: true, clock, random, log: silentLog, onRenewed: () => void renewals++ });

it('makes a root once, keeps it private, and has the same one after a restart', async () => {
  const first = await open();
  const root = first.roots[0]!;
  expect(first.trustDomain).toMatch(/^[0-9a-f-]{36}\.consul$/);
  await first[Symbol.asyncDispose]();
  expect(await readdir(dir)).toEqual(['ca.log']);
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
