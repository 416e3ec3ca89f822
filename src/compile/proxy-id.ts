import { serviceById } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { Service, ServiceProxy } from '../catalog/types.ts';

/** A registered sidecar. */
export type Sidecar = Service & { readonly Proxy: ServiceProxy };

/** `<datacenter>/<node>/<service id>` of a sidecar. */
export function proxyId(dc: string, service: Service): string {
  return `${dc}/${service.Node}/${service.ID}`;
}

/** The sidecar of an id; undefined when nothing of that id is registered, or something else is. */
export function findSidecar(s: Snapshot, id: string): { dc: string; sidecar: Sidecar } | undefined {
  const [dc, node, ...rest] = id.split('/');
  if (dc === undefined || node === undefined) return undefined;
  const service = serviceById(s, dc, node, rest.join('/'));
  return service && isSidecar(service) ? { dc, sidecar: service } : undefined;
}

/** Ids of all sidecars, in order. */
export function allProxyIds(s: Snapshot): string[] {
  const ids = Array.from(s.datacenters.keys(), (dc) =>
    Array.from(datacenter(s, dc).services.values())
      .filter(isSidecar)
      .map((service) => proxyId(dc, service)),
  );
  return ids.flat();
}

export function isSidecar(service: Service): service is Sidecar {
  return service.Kind === 'connect-proxy' && service.Proxy !== undefined;
}
