import type { Cluster, InboundListener, ProxyConfig } from '../compile/proxy-config.ts';
import { findProxy, isSidecar } from '../compile/proxy-id.ts';
import { configOf, type Walk } from './walk.ts';

/** What takes a call on the other side. Endpoints that ask the same of it are one. */
export interface Arrival {
  /** `127.5.0.110:21000` */
  readonly endpoints: readonly string[];
  readonly service: string;
  readonly datacenter: string;
  /** SPIFFE URI that it shows. */
  readonly identity: string;
  readonly side: Omit<InboundListener, 'bind' | 'app'>;
  /** A terminating gateway stands for the service: where it goes on to. */
  readonly beyond?: { readonly gateway: string; readonly cluster: Cluster | undefined };
}

export interface Arrivals {
  readonly arrivals: readonly Arrival[];
  /** Endpoints that nobody's configuration says anything of, and why. */
  readonly unknown: readonly { readonly endpoint: string; readonly reason: string }[];
}

/** The configurations of all endpoints of a cluster, each as its own data plane has it. */
export function arrivalsAt(walk: Walk, cluster: Cluster): Arrivals {
  const found = new Map<string, Arrival>();
  const unknown: { endpoint: string; reason: string }[] = [];
  for (const { id, address, port } of cluster.endpoints) {
    const endpoint = `${address}:${port}`;
    const proxy = findProxy(walk.snapshot, `${cluster.datacenter}/${id}`);
    const built = proxy && configOf(walk, `${cluster.datacenter}/${id}`);
    if (!built) unknown.push({ endpoint, reason: 'it has no sidecar: it judges its callers itself' });
    else if (!built.ok)
      unknown.push({ endpoint, reason: `its configuration can't be made: ${built.error.map(({ summary }) => summary).join('; ')}` });
    else {
      const arrival = isSidecar(proxy.proxy) ? sidecarArrival(built.value) : gatewayArrival(built.value, cluster.sni);
      if (!arrival) unknown.push({ endpoint, reason: `the gateway stands for nothing of the name ${cluster.sni}` });
      else {
        const key = JSON.stringify([arrival.identity, arrival.side, arrival.beyond?.cluster?.name]);
        const known = found.get(key);
        found.set(key, { ...(known ?? arrival), endpoints: [...(known?.endpoints ?? []), endpoint] });
      }
    }
  }
  return { arrivals: [...found.values()], unknown };
}

type Alone = Omit<Arrival, 'endpoints'>;

function sidecarArrival({ service, datacenter, identity, inbound }: ProxyConfig): Alone | undefined {
  if (!inbound) return undefined;
  const { bind: _, app: __, ...side } = inbound;
  return { service, datacenter, identity, side };
}

function gatewayArrival({ service: gateway, datacenter, terminating, clusters }: ProxyConfig, sni: string): Alone | undefined {
  const found = terminating?.services.find((one) => one.sni === sni);
  if (!found) return undefined;
  const { service, identity, cluster, sni: _, host: __, ...side } = found;
  return { service, datacenter, identity, side, beyond: { gateway, cluster: clusters[cluster] } };
}
