import { describe, expect, it } from 'vitest';
import { entryFile } from '../../src/catalog/entry-files.ts';
import { restoreOps, savedState } from '../../src/catalog/saved-state.ts';
import { snapshotFromJson, snapshotToJson } from '../../src/catalog/snapshot.ts';
import type { Op } from '../../src/catalog/types.ts';
import { drop, play, put, snapshotOf } from './registrations.ts';

const file = { path: '/shop/web.hcl', line: 2 };
const written = { ...put('service-defaults', 'Web', { Protocol: 'http' }), file } as Op;
const plain = put('service-defaults', 'Web', { Protocol: 'http' });

describe('the file of an entry', () => {
  it('is what the last who wrote it has said', () => {
    const s = snapshotOf(written);
    expect(entryFile(s, 'dc1', 'service-defaults', 'web')).toEqual(file);
    expect(entryFile(play([plain], s).snapshot, 'dc1', 'service-defaults', 'web')).toBeUndefined();
    expect(entryFile(play([drop('service-defaults', 'web'), plain], s).snapshot, 'dc1', 'service-defaults', 'web')).toBeUndefined();
    const lost = play([{ ...plain, cas: 99 } as Op], s).snapshot;
    expect(entryFile(lost, 'dc1', 'service-defaults', 'web')).toEqual(file);
  });

  it('is kept with the registry, and goes into no snapshot that is saved', () => {
    const s = snapshotOf(written);
    const kept = snapshotFromJson(JSON.parse(JSON.stringify(snapshotToJson(s))) as ReturnType<typeof snapshotToJson>);
    expect(entryFile(kept, 'dc1', 'service-defaults', 'web')).toEqual(file);
    expect(JSON.stringify(savedState(s, 'dc1'))).not.toContain('shop');
    expect(JSON.stringify(restoreOps(s, 'dc1', savedState(s, 'dc1')))).not.toContain('shop');
  });

  it('changes nothing of the entry, whose index stays', () => {
    const before = snapshotOf(plain);
    const after = play([written], before).snapshot;
    expect(after.datacenters.get('dc1')!.entries).toBe(before.datacenters.get('dc1')!.entries);
  });
});
