import { ofGeneration } from '../base/generation.ts';
import type { ServiceDefinition } from '../base/registration.ts';
import type { K8sConfigSpec } from './k8s/spec.ts';
import { pausedKeys } from './pauses.ts';
import type { State } from './state.ts';

/** What the specs of all types have that register services. */
type Providing = Partial<Pick<K8sConfigSpec, 'sets' | 'datacenter'> & { readonly services: readonly Pick<ServiceDefinition, 'name'>[] }>;

/**
 * Whether nobody is meant to serve a service now: what provides it is paused, or scaled to no pods. There is no use in waiting
 * for it then; for one that nothing provides there may be.
 */
export function isIdle(state: State, service: string, datacenter: string | undefined): boolean {
  const paused = pausedKeys(state);
  const instances: number[] = [];
  for (const { resource, next, generation } of state.resources.values()) {
    const spec = ((next ?? resource).spec ?? {}) as Providing;
    if (spec.datacenter !== datacenter) continue;
    const counts = spec.sets
      ? spec.sets.filter(({ pod }) => pod.services.some(({ name }) => name === service)).map(({ replicas }) => replicas)
      : (spec.services ?? []).filter(({ name }) => name === service).map(() => 1);
    const runs = !paused.has(ofGeneration(resource.key, generation));
    instances.push(...counts.map((count) => (runs ? count : 0)));
  }
  return instances.length > 0 && instances.every((count) => count === 0);
}
