/**
 * How pods find each other by name. Every cluster has a domain of its own below the blueprint's, so that two clusters may have
 * Services of the same name; what a pod writes (`payments`, `payments.shop`, `payments.shop.svc.cluster.local`) is completed
 * by its search list, as the resolver of a real pod does with `/etc/resolv.conf`.
 */
const domainOf = (cluster: string): string => `${cluster}.k8s_cluster.shipyard.run`;

/** `payments.default.svc.cluster.local.k3s.k8s_cluster.shipyard.run` */
export const serviceName = (service: string, namespace: string, cluster: string): string =>
  `${service}.${namespace}.svc.cluster.local.${domainOf(cluster)}`;

/** What a pod of this namespace tries, in this order. */
export function searchList(namespace: string, cluster: string): string[] {
  const domain = domainOf(cluster);
  return [`${namespace}.svc.cluster.local.${domain}`, `svc.cluster.local.${domain}`, `cluster.local.${domain}`, domain];
}
