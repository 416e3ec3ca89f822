import { sortNear } from '../../catalog/coordinates.ts';
import type { Api, ApiRequest } from './endpoint.ts';

/** The items as `?near=` asks: the nearest to that node (`_agent`: the own one) first. As Consul, only in the own datacenter. */
export function nearest<T>(request: ApiRequest, mesh: Api, items: readonly T[], nodeOf: (item: T) => string): readonly T[] {
  const near = request.query.get('near');
  const { dc } = request.options;
  if (!near || dc !== mesh.datacenter) return items;
  return sortNear(mesh.snapshot.value, dc, near === '_agent' ? mesh.nodeName : near, items, nodeOf);
}
