import { HttpError } from './answer.ts';
import type { Api } from './endpoint.ts';

/** Writes, and queries of keys, say nothing of an index or a leader when there is no such datacenter; other queries do. */
export function requireWritableDatacenter(mesh: Api, dc: string): void {
  if (dc === mesh.datacenter || mesh.snapshot.value.datacenters.get(dc)) return;
  throw new HttpError(500, 'No path to datacenter');
}
