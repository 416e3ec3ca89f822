import { expect, it } from 'vitest';
import { aclIndex, aclRow, tokenBySecret } from '../../src/catalog/acl.ts';
import { emptySnapshot, snapshotFromJson, snapshotToJson } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';

const token = (SecretID: string) => ({
  table: 'aclTokens' as const,
  row: { AccessorID: 'a', SecretID, Description: '', Local: false, CreateTime: '2026-01-01T00:00:00Z', Hash: '' },
});
const policy = { table: 'aclPolicies' as const, row: { ID: 'p', Name: 'p', Description: '', Rules: '', Hash: '', parsed: [] } };

it('takes place only on the tables that its writer saw', () => {
  const first = transact(emptySnapshot(['dc1']), { type: 'acl', dc: 'dc1', seen: 0, puts: [token('S')] });
  expect([first.applied, aclIndex(first.snapshot, 'dc1')]).toEqual([true, 1]);
  const late = transact(first.snapshot, { type: 'acl', dc: 'dc1', seen: 0, puts: [token('T')] });
  expect([late.applied, late.snapshot]).toEqual([false, first.snapshot]);
});

it('finds a token by its secret, as it is written, and not by an old one', () => {
  let { snapshot } = transact(emptySnapshot(['dc1']), { type: 'acl', dc: 'dc1', seen: 0, puts: [token('Secret')] });
  expect(tokenBySecret(snapshot, 'dc1', 'Secret')?.AccessorID).toBe('a');
  expect(tokenBySecret(snapshot, 'dc1', 'secret')).toBeUndefined();
  snapshot = transact(snapshot, { type: 'acl', dc: 'dc1', seen: 1, puts: [token('other')] }).snapshot;
  expect(tokenBySecret(snapshot, 'dc1', 'Secret')).toBeUndefined();
  expect(tokenBySecret(snapshotFromJson(snapshotToJson(snapshot)), 'dc1', 'other')?.AccessorID).toBe('a');
  snapshot = transact(snapshot, { type: 'acl', dc: 'dc1', seen: 2, removals: [{ table: 'aclTokens', key: 'a' }] }).snapshot;
  expect(tokenBySecret(snapshot, 'dc1', 'other')).toBeUndefined();
});

it('outlives the datacenter: tokens are not of what a blueprint made', () => {
  let { snapshot } = transact(emptySnapshot(['dc1']), { type: 'acl', dc: 'dc1', seen: 0, puts: [token('S'), policy] });
  const node = { Node: 'n', ID: '', Address: '127.0.0.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {} };
  snapshot = transact(snapshot, { type: 'register', dc: 'dc1', node }).snapshot;
  snapshot = transact(snapshot, { type: 'remove-datacenter', dc: 'dc1' }).snapshot;
  expect(snapshot.datacenters.get('dc1')?.nodes.size).toBe(0);
  expect(aclRow(snapshot, 'dc1', 'aclPolicies', 'P')?.Name).toBe('p');
  expect([tokenBySecret(snapshot, 'dc1', 'S')?.AccessorID, aclIndex(snapshot, 'dc1')]).toEqual(['a', 1]);
});
