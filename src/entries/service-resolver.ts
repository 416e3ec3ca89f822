import { formatDuration } from '../base/duration.ts';
import { compileFilter } from '../filter/compile.ts';
import { instanceShape } from '../filter/shapes.ts';
import { bool, type Decoded, duration, list, map, object, optional, string } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { validateFailover, validateRedirect } from './failover.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { loadBalancer, validateLoadBalancer } from './load-balancer.ts';
import { validateMeta } from './meta.ts';
import { prioritizeByLocality, validatePrioritizeByLocality } from './prioritize-by-locality.ts';
import { type Problem, problem } from './problem.ts';

const tenancy = {
  Namespace: optional(string(), 'Needs Consul Enterprise.'),
  Partition: optional(string(), 'Needs Consul Enterprise.'),
};

const subset = object({
  Filter: optional(string(), 'Which instances belong to it: an expression over what /v1/health/connect answers.'),
  OnlyPassing: optional(bool(), 'Instances with warnings do not belong to it.'),
});

const redirect = object({
  Service: optional(string(), 'Service to resolve instead.'),
  ServiceSubset: optional(string(), 'Subset of it.'),
  ...tenancy,
  Datacenter: optional(string(), 'Datacenter to resolve it in.'),
  Peer: optional(string(), 'Cluster peer to resolve it in.'),
  SamenessGroup: optional(string(), 'Needs Consul Enterprise.'),
});

const failoverTarget = object({
  Service: optional(string(), 'Service to call instead; the own one by default.'),
  ServiceSubset: optional(string(), 'Subset of it.'),
  Partition: tenancy.Partition,
  Namespace: tenancy.Namespace,
  Datacenter: optional(string(), 'Datacenter of it.'),
  Peer: optional(string(), 'Cluster peer of it.'),
});

const failover = object({
  Service: optional(string(), 'Service to call instead; the own one by default.'),
  ServiceSubset: optional(string(), 'Subset of it.'),
  Namespace: tenancy.Namespace,
  Datacenters: optional(list(string()), 'Datacenters to try, in this order.'),
  Targets: optional(list(failoverTarget), 'What to try, in this order; instead of all of the above.'),
  Policy: optional(
    object({
      Mode: optional(string(), 'sequential, the default, or order-by-locality.'),
      Regions: optional(list(string()), 'Regions in order of preference.'),
    }),
    'In which order the targets are tried.',
  ),
  SamenessGroup: optional(string(), 'Needs Consul Enterprise.'),
});

const schema = object({
  ConnectTimeout: optional(duration(), 'Time to connect to an instance; 5s by default.'),
  RequestTimeout: optional(duration(), 'Time for a whole request; a route may say otherwise.'),
  DefaultSubset: optional(string(), 'The subset that is meant when none is named.'),
  Subsets: optional(map(subset), 'Named subsets of the instances.'),
  Redirect: optional(redirect, 'Resolve something else instead.'),
  Failover: optional(map(failover), 'Where calls go when a subset, or "*" for any, has no healthy instance.'),
  PrioritizeByLocality: prioritizeByLocality,
  LoadBalancer: optional(loadBalancer, 'How instances take turns.'),
});

export type ServiceResolver = EntryBase & Decoded<typeof schema>;
type ResolverSubset = Decoded<typeof subset>;
export type ResolverFailover = Decoded<typeof failover>;
export type FailoverTarget = Decoded<typeof failoverTarget>;

export const serviceResolver: EntryKind<ServiceResolver> = {
  kind: 'service-resolver',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate,
  references: (entry) => {
    const services = [
      entry.Redirect?.Service,
      ...Object.values(entry.Failover ?? {}).flatMap(({ Service, Targets }) => [Service, ...(Targets ?? []).map((to) => to.Service)]),
    ];
    return [...new Set([entry.Name, ...services.map((service) => service || entry.Name)])].map((service) => ({ service }));
  },
};

function validate(entry: ServiceResolver): Problem[] {
  const found: Problem[] = [];
  const alone = (path: string, text: string, more: { hint?: string } = {}): unknown => found.push(problem('alone', path, text, more));
  if (entry.Name === '') alone('Name', 'Name is required');
  found.push(...validateMeta(entry));
  for (const [name, one] of Object.entries(entry.Subsets ?? {})) found.push(...validateSubset(name, one));
  const subsets = Object.keys(entry.Subsets ?? {});
  if (entry.DefaultSubset && !subsets.includes(entry.DefaultSubset)) {
    const hint = subsets.length === 0 ? {} : { hint: `subsets: ${subsets.join(', ')}` };
    alone('DefaultSubset', `DefaultSubset ${JSON.stringify(entry.DefaultSubset)} is not a valid subset`, hint);
  }
  found.push(...validateRedirect(entry), ...validateFailover(entry));
  for (const field of ['ConnectTimeout', 'RequestTimeout'] as const) {
    const ns = entry[field] ?? 0;
    if (ns < 0) alone(field, `Bad ${field} '${formatDuration(ns)}', must be >= 0`);
  }
  if (entry.LoadBalancer) found.push(...validateLoadBalancer(entry.LoadBalancer));
  found.push(...validatePrioritizeByLocality(entry.PrioritizeByLocality));
  return found;
}

function validateSubset(name: string, { Filter: filter }: ResolverSubset): Problem[] {
  const at = `Subsets[${name}]`;
  if (name === '') return [problem('alone', 'Subsets', 'Subset defined with empty name')];
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    const why =
      "must be 63 characters or fewer, begin or end with lower case alphanumeric characters, and contain lower case alphanumeric characters or '-' in between";
    return [problem('alone', at, `Subset ${JSON.stringify(name)} is invalid: ${why}`)];
  }
  if (!filter) return [];
  const compiled = compileFilter(filter, instanceShape);
  if (compiled.ok) return [];
  const { message, hint } = compiled.error;
  const text = `Filter for subset ${JSON.stringify(name)} is not a valid expression: ${message}`;
  return [problem('alone', `${at}.Filter`, text, hint === undefined ? {} : { hint })];
}
