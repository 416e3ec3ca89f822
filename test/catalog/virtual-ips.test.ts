import { expect, it } from 'vitest';
import { emptySnapshot, type Snapshot, snapshotFromJson, snapshotToJson } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { StoredEntry } from '../../src/catalog/types.ts';
import { virtualIp } from '../../src/catalog/virtual-ips.ts';
import { registration } from '../control/harness.ts';

const put = (s: Snapshot, name: string, node = `${name}-vm`): Snapshot =>
  transact(s, registration({ node, address: '127.5.0.1', name, port: 9090 })).snapshot;
const drop = (s: Snapshot, node: string): Snapshot => transact(s, { type: 'deregister', dc: 'dc1', node }).snapshot;

it('every service with sidecars has an address of its own until the last of them goes; the next one gets that', () => {
  let s = put(put(put(emptySnapshot(['dc1']), 'web'), 'payments'), 'web', 'other-vm');
  expect(['web', 'PAYMENTS', 'nope'].map((name) => virtualIp(s, 'dc1', name))).toEqual(['240.0.0.1', '240.0.0.2', undefined]);
  s = drop(s, 'web-vm');
  expect(virtualIp(s, 'dc1', 'web')).toBe('240.0.0.1');
  s = drop(s, 'other-vm');
  expect(virtualIp(s, 'dc1', 'web')).toBeUndefined();
  s = snapshotFromJson(JSON.parse(JSON.stringify(snapshotToJson(s))) as ReturnType<typeof snapshotToJson>);
  s = put(put(s, 'api'), 'db');
  expect(['payments', 'api', 'db'].map((name) => virtualIp(s, 'dc1', name))).toEqual(['240.0.0.2', '240.0.0.1', '240.0.0.3']);
});

it('a service with a resolver has one, too, with or without instances', () => {
  const entry = { Kind: 'service-resolver', Name: 'virtual' } as StoredEntry;
  let s = transact(emptySnapshot(['dc1']), { type: 'put-entry', dc: 'dc1', entry }).snapshot;
  expect(virtualIp(s, 'dc1', 'virtual')).toBe('240.0.0.1');
  s = drop(put(s, 'virtual'), 'virtual-vm');
  expect(virtualIp(s, 'dc1', 'virtual')).toBe('240.0.0.1');
  s = put(s, 'virtual');
  s = transact(s, { type: 'delete-entry', dc: 'dc1', kind: entry.Kind, name: entry.Name }).snapshot;
  expect(virtualIp(s, 'dc1', 'virtual')).toBe('240.0.0.1');
  expect(virtualIp(drop(s, 'virtual-vm'), 'dc1', 'virtual')).toBeUndefined();
});

it('counts beyond one octet', () => {
  let s = emptySnapshot(['dc1']);
  for (let i = 0; i < 257; i++) s = put(s, `s${i}`);
  expect(virtualIp(s, 'dc1', 's255')).toBe('240.0.1.0');
});
