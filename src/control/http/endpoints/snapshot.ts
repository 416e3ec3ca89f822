import { restoreOps, savedState } from '../../../catalog/saved-state.ts';
import { type Answer, HttpError } from '../answer.ts';
import { requireDatacenter } from '../blocking.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

export const snapshot: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/snapshot',
    doc: 'Everything in a datacenter as one compressed archive with checksums. Secret: it holds the tokens of ACLs.',
    acl: 'acl:write',
    handle: save,
  },
  {
    method: 'PUT',
    path: '/v1/snapshot',
    doc: 'Puts back an archive that this program made; one that is damaged, or of another program, changes nothing.',
    acl: 'acl:write',
    body: { maxBytes: 512 * 1024 * 1024 },
    handle: restore,
  },
];

async function save(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  request.acl.require('acl', 'write');
  requireDatacenter(mesh, dc);
  const { packSnapshot } = await import('../../snapshot/archive.ts');
  const { value } = mesh.snapshot;
  const bytes = await packSnapshot(savedState(value, dc), { index: value.index, now: mesh.clock.now() });
  return { type: 'bytes', bytes, headers: { 'Content-Type': 'application/x-gzip' }, meta: { index: value.index } };
}

async function restore(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  request.acl.require('acl', 'write');
  requireWritableDatacenter(mesh, dc);
  const { SnapshotRefused, unpackSnapshot } = await import('../../snapshot/archive.ts');
  const { state } = await unpackSnapshot(request.bytes).catch((error: unknown) => {
    if (error instanceof SnapshotRefused) throw new HttpError(500, error.message);
    throw error;
  });
  await mesh.commit(restoreOps(mesh.snapshot.value, dc, state));
  return { type: 'empty' };
}
