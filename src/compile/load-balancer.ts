import { argument, blockOf, blocksOf } from '../entries/extensions/arguments.ts';
import type { PropertyPatch } from '../entries/extensions/property-override.ts';
import { HASHING } from '../entries/load-balancer.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import { patched } from './extensions.ts';
import type { HashPolicy, LoadBalancer } from './proxy-config.ts';

type Entry = NonNullable<ServiceResolver['LoadBalancer']>;

/** How the endpoints of a resolver take turns; undefined when it leaves that to the data plane. */
export function loadBalancerOf(entry: Entry | undefined): LoadBalancer | undefined {
  if (!entry?.Policy) return undefined;
  const { ChoiceCount } = entry.LeastRequestConfig ?? {};
  const { MinimumRingSize, MaximumRingSize } = entry.RingHashConfig ?? {};
  return {
    policy: entry.Policy as LoadBalancer['policy'],
    ...(ChoiceCount ? { choiceCount: ChoiceCount } : {}),
    ...(MinimumRingSize ? { minimumRingSize: MinimumRingSize } : {}),
    ...(MaximumRingSize ? { maximumRingSize: MaximumRingSize } : {}),
  };
}

/**
 * A policy that Consul has no word for, in Envoy's: a property-override of the caller puts it into `/load_balancing_policy` of its
 * clusters. Undefined when none does.
 */
export function patchedPolicy(patches: readonly PropertyPatch[], service: string): LoadBalancer['policy'] | undefined {
  const policies = patched(patches, { resourceType: 'cluster', direction: 'outbound', service }, '/load_balancing_policy/policies');
  const [first] = blocksOf(policies);
  const config = blockOf(first && argument(first, 'typed_extension_config'));
  return config && argument(config, 'name') === PEAK_EWMA ? 'peak_ewma' : undefined;
}

const PEAK_EWMA = 'envoy.load_balancing_policies.peak_ewma';

/** What a request on a route is hashed by. Envoy: it is the route that hashes, the clusters look at the hash or don't. */
export function hashPoliciesOf(entry: Entry | undefined): HashPolicy[] | undefined {
  if (!HASHING.includes(entry?.Policy ?? '')) return undefined;
  const policies = (entry!.HashPolicies ?? []).flatMap(hashPolicyOf);
  return policies.length === 0 ? undefined : policies;
}

function hashPolicyOf(policy: NonNullable<Entry['HashPolicies']>[number]): HashPolicy[] {
  const { Field, FieldValue: name = '', CookieConfig: cookie, SourceIP, Terminal } = policy;
  const terminal = Terminal ? { terminal: true } : {};
  if (SourceIP) return [{ type: 'source-ip', ...terminal }];
  if (Field === 'header') return [{ type: 'header', name: name.toLowerCase(), ...terminal }];
  if (Field === 'query_parameter') return [{ type: 'query', name, ...terminal }];
  if (Field !== 'cookie') return [];
  const ttlMs = cookie?.Session ? 0 : cookie?.TTL ? cookie.TTL / 1e6 : undefined;
  return [{ type: 'cookie', name, ...(cookie?.Path ? { path: cookie.Path } : {}), ...(ttlMs === undefined ? {} : { ttlMs }), ...terminal }];
}
