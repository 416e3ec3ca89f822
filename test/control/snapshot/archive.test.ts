import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTar, type TarFile, writeTar } from '../../../src/base/tar.ts';
import type { SavedState } from '../../../src/catalog/saved-state.ts';
import { packSnapshot, unpackSnapshot } from '../../../src/control/snapshot/archive.ts';

const state: SavedState = {
  name: 'dc1',
  nodes: [],
  services: [],
  checks: [],
  entries: [],
  tables: { kv: [['a', { Key: 'a', Value: 'eA==', Flags: '0', LockIndex: 0, CreateIndex: 1, ModifyIndex: 2 }]] },
};
const packed = await packSnapshot(state, { index: 7, now: 1_700_000_000_123 });
const { files } = readTar(gunzipSync(packed));
const archive = (changed: readonly TarFile[]): Buffer => gzipSync(writeTar(changed, 0));
const replaced = (name: string, content: string): TarFile[] =>
  files.map((file) => (file.name === name ? { name, content: Buffer.from(content) } : file));

/** With checksums that are right. */
function signed(content: string): Buffer {
  const others = replaced('state.bin', content).filter(({ name }) => name !== 'SHA256SUMS');
  const sums = others.map((file) => `${createHash('sha256').update(file.content).digest('hex')}  ${file.name}\n`).join('');
  return archive([...others, { name: 'SHA256SUMS', content: Buffer.from(sums) }]);
}

describe('an archive', () => {
  it('gives back what went in', async () => {
    const { meta, state: unpacked } = await unpackSnapshot(packed);
    expect(unpacked).toEqual(state);
    expect(meta).toMatchObject({ Version: 1, ID: '1-7-1700000000123', Index: 7, Datacenter: 'dc1' });
  });

  it('has the files of a snapshot of Consul', () => {
    expect(files.map(({ name }) => name)).toEqual(['meta.json', 'state.bin', 'SHA256SUMS']);
  });

  const flipped = Buffer.from(gunzipSync(packed));
  flipped[flipped.indexOf('eA==')] = 0x66;
  it.each<[string, Buffer, string]>([
    ['empty', Buffer.alloc(0), 'failed to decompress snapshot: EOF'],
    ['of one byte', Buffer.from('x'), 'failed to decompress snapshot: gzip: invalid header'],
    ['not compressed', Buffer.from('x'.repeat(100)), 'failed to decompress snapshot: gzip: invalid header'],
    ['cut off', packed.subarray(0, -40), 'failed to read snapshot file: failed to read or write snapshot data: unexpected EOF'],
    [
      'with a flipped bit',
      gzipSync(flipped),
      'failed to read snapshot file: failed checking integrity of snapshot: hash check failed for "state.bin"',
    ],
    [
      'without checksums',
      archive(files.slice(0, 2)),
      'failed to read snapshot file: failed checking integrity of snapshot: list missing hash for "meta.json"',
    ],
    [
      'without a state',
      archive(files.slice(0, 1)),
      'failed to read snapshot file: failed to read or write snapshot data: there is no state.bin',
    ],
    ['no archive inside', gzipSync('hello'), 'failed to read snapshot file: failed to read or write snapshot data: unexpected EOF'],
    ['of a newer version', signed('mesh-snapshot 2\n{}'), 'failed to restore snapshot: a newer version of mesh wrote it (format 2)'],
    [
      'of a real Consul',
      signed('\x81\xa9LastIndex\xcd\x01\x59'),
      'failed to restore snapshot: another program wrote it, likely a Consul server, and mesh can read only the state of its own; ' +
        'carry keys over with "consul kv export" and "mesh kv import", and config entries with "mesh config apply"',
    ],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(unpackSnapshot(bytes)).rejects.toThrow(message);
  });
});
