import { type GatewayKind, isGatewayKind } from '../base/gateway-kind.ts';
import { serviceById } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { Service, ServiceProxy } from '../catalog/types.ts';

/** A registered sidecar. */
export type Sidecar = Service & { readonly Proxy: ServiceProxy };

/** A registered gateway. */
export type Gateway = Service & { readonly Kind: GatewayKind };

/** `<datacenter>/<node>/<service id>` of a sidecar or a gateway. */
export function proxyId(dc: string, service: Service): string {
  return `${dc}/${service.Node}/${service.ID}`;
}

/** The sidecar or gateway of an id; undefined when nothing of that id is registered, or something else is. */
export function findProxy(s: Snapshot, id: string): { dc: string; proxy: Sidecar | Gateway } | undefined {
  const [dc, node, ...rest] = id.split('/');
  if (dc === undefined || node === undefined) return undefined;
  const service = serviceById(s, dc, node, rest.join('/'));
  return service && isProxy(service) ? { dc, proxy: service } : undefined;
}

/** Ids of all sidecars and gateways, in order. */
export function allProxyIds(s: Snapshot): string[] {
  const ids = Array.from(s.datacenters.keys(), (dc) =>
    Array.from(datacenter(s, dc).services.values())
      .filter(isProxy)
      .map((service) => proxyId(dc, service)),
  );
  return ids.flat();
}

export const isProxy = (service: Service): service is Sidecar | Gateway => isSidecar(service) || isGateway(service);

export function isSidecar(service: Service): service is Sidecar {
  return service.Kind === 'connect-proxy' && service.Proxy !== undefined;
}

/** One that is served; gateways between meshes are not. */
export function isGateway(service: Pick<Service, 'Kind'>): service is Gateway {
  return isGatewayKind(service.Kind);
}
