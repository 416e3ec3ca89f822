import { caution, type Problem, problem } from './problem.ts';
import type { FailoverTarget, ResolverFailover, ServiceResolver } from './service-resolver.ts';

const UNREACHED = 'sidecars of this version of mesh have no way to services of a peer: calls find no instance';

/** Problems of `Redirect`, in Consul's words and order. */
export function validateRedirect(entry: ServiceResolver): Problem[] {
  const to = entry.Redirect;
  if (!to) return [];
  const found: Problem[] = [];
  const alone = (path: string, text: string): unknown => found.push(problem('alone', path, text));
  for (const field of ['Partition', 'Namespace', 'SamenessGroup'] as const) {
    if (to[field]) alone(`Redirect.${field}`, `Redirect: Setting ${field} requires Consul Enterprise`);
  }
  if (entry.Failover && Object.keys(entry.Failover).length > 0) alone('Failover', 'Redirect and Failover cannot both be set');
  if (!Object.values(to).some(Boolean)) alone('Redirect', 'Redirect is empty');
  if (to.Peer && to.ServiceSubset) alone('Redirect.Peer', 'Redirect.Peer cannot be set with Redirect.ServiceSubset');
  if (to.Peer && to.Datacenter) alone('Redirect.Peer', 'Redirect.Peer cannot be set with Redirect.Datacenter');
  if (!to.Service) {
    for (const field of ['ServiceSubset', 'Peer'] as const) {
      if (to[field]) alone(`Redirect.${field}`, `Redirect.${field} defined without Redirect.Service`);
    }
  } else if (to.ServiceSubset && to.Service === entry.Name && !hasSubset(entry, to.ServiceSubset)) {
    alone('Redirect.ServiceSubset', `Redirect.ServiceSubset ${notSubset(to.ServiceSubset, entry.Name)}`);
  }
  if (to.Peer) found.push(caution('Redirect.Peer', `Redirect.Peer: ${UNREACHED}`));
  return found;
}

/** Problems of `Failover`, in Consul's words and order. */
export function validateFailover(entry: ServiceResolver): Problem[] {
  return Object.entries(entry.Failover ?? {}).flatMap(([subset, failover]) => validateOne(entry, subset, failover));
}

function validateOne(entry: ServiceResolver, subset: string, failover: ResolverFailover): Problem[] {
  const found: Problem[] = [];
  const alone = (field: string, text: string): unknown => {
    const path = `Failover[${subset}]${field === '' ? '' : `.${field}`}`;
    return found.push(problem('alone', path, `Bad Failover[${JSON.stringify(subset)}]${text}`));
  };
  const { Service, ServiceSubset, Datacenters = [], Targets = [], Policy } = failover;
  for (const field of ['Namespace', 'SamenessGroup'] as const) {
    if (failover[field]) alone(field, `: Setting ${field} requires Consul Enterprise`);
  }
  if (subset !== '*' && !hasSubset(entry, subset)) alone('', ': not a valid subset subset');
  if (!Service && !ServiceSubset && Datacenters.length === 0 && Targets.length === 0) {
    alone('', ': one of Service, ServiceSubset, Namespace, Targets, or Datacenters is required');
  }
  // Consul refuses the mode that there is without it too.
  if ((Policy?.Mode ?? 'sequential') !== 'sequential' || Policy?.Regions) {
    alone('Policy', ': Setting failover policies requires Consul Enterprise');
  }
  if (ServiceSubset && (!Service || Service === entry.Name) && !hasSubset(entry, ServiceSubset)) {
    alone('ServiceSubset', `: ServiceSubset ${notSubset(ServiceSubset, Service ?? '')}`);
  }
  if (Targets.length > 0) {
    if (Datacenters.length > 0) alone('Targets', ': Targets cannot be set with Datacenters');
    if (ServiceSubset) alone('Targets', ': Targets cannot be set with ServiceSubset');
    if (Service) alone('Targets', ': Targets cannot be set with Service');
  }
  Targets.forEach((target, i) => {
    for (const [field, text] of targetProblems(entry, target)) alone(`Targets[${i}].${field}`, `.Targets[${i}]${text}`);
    if (target.Peer)
      found.push(caution(`Failover[${subset}].Targets[${i}].Peer`, `Failover[${JSON.stringify(subset)}].Targets[${i}].Peer: ${UNREACHED}`));
  });
  if (Datacenters.includes('')) alone('Datacenters', '.Datacenters: found empty datacenter');
  return found;
}

function targetProblems(entry: ServiceResolver, target: FailoverTarget): [field: string, text: string][] {
  const { Service, ServiceSubset, Partition, Namespace, Datacenter, Peer } = target;
  if (Partition) return [['Partition', ': Setting Partition requires Consul Enterprise']];
  if (Namespace) return [['Namespace', ': Setting Namespace requires Consul Enterprise']];
  if (Peer && ServiceSubset) return [['Peer', ': Peer cannot be set with ServiceSubset']];
  if (Peer && Datacenter) return [['Peer', ': Peer cannot be set with Datacenter']];
  if (ServiceSubset && (!Service || Service === entry.Name) && !hasSubset(entry, ServiceSubset)) {
    return [['ServiceSubset', `: ServiceSubset ${notSubset(ServiceSubset, entry.Name)}`]];
  }
  return [];
}

const hasSubset = (entry: ServiceResolver, name: string): boolean => Object.hasOwn(entry.Subsets ?? {}, name);
const notSubset = (subset: string, service: string): string =>
  `${JSON.stringify(subset)} is not a valid subset of ${JSON.stringify(service)}`;
