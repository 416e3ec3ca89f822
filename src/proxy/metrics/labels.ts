import { type Cluster, type OutboundListener, type ProxyConfig, type SocketAddress, subsetOf } from '../../compile/proxy-config.ts';
import type { Labels } from './metric-set.ts';

/** Consul: tags that its bootstrap of Envoy gives all metrics of a proxy. Without Consul Enterprise there is one namespace and partition. */
export function sourceLabels({ service, datacenter }: Pick<ProxyConfig, 'service' | 'datacenter'>): Labels {
  return {
    local_cluster: service,
    consul_source_service: service,
    consul_source_namespace: 'default',
    consul_source_partition: 'default',
    consul_source_datacenter: datacenter,
  };
}

/** Consul reads them out of the cluster's name in Envoy, `[hash~][subset.]service.namespace.dc.internal.<trust domain>`; Envoy takes its first part. */
export function destinationLabels({ name, service, datacenter, sni }: Cluster): Labels {
  const hash = /^([^~.]+)~/.exec(name)?.[1];
  const [head = '', trustDomain = ''] = sni.split('.internal.');
  const subset = subsetOf({ service, sni });
  const first = subset === '' ? service : subset;
  return {
    ...(hash === undefined ? {} : { consul_destination_custom_hash: hash }),
    ...(subset === '' ? {} : { consul_destination_service_subset: subset }),
    consul_destination_service: service,
    consul_destination_namespace: 'default',
    consul_destination_datacenter: datacenter,
    ...(trustDomain === '' ? {} : { consul_destination_routing_type: 'internal' }),
    ...(trustDomain === '' ? {} : { consul_destination_trust_domain: trustDomain.replace(/\.consul$/, '') }),
    consul_destination_target: head,
    consul_destination_full_target: sni.replace(/\.consul$/, ''),
    envoy_cluster_name: hash === undefined ? first : `${hash}~${first}`,
  };
}

/** Of an upstream's listener, which Consul calls `upstream.<service>.<namespace>.<dc>`. */
export function upstreamLabels({ name }: OutboundListener, datacenter: string): Labels {
  const [service = name, elsewhere] = name.split('?dc=');
  return {
    consul_upstream_service: service,
    consul_upstream_namespace: 'default',
    consul_upstream_datacenter: elsewhere ?? datacenter,
  };
}

/** Envoy writes an address with `_` before the port, and IPv6 without brackets. */
export function listenerAddress({ address, port }: SocketAddress): string {
  return `${address}_${port}`;
}
