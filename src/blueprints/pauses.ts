import { ofGeneration } from '../base/generation.ts';
import type { State } from './state.ts';

/** Keys of the resources whose workloads don't run now, with their generations: all blueprints that ask for them are paused. */
export function pausedKeys({ blueprints, resources }: State): Set<string> {
  const paused = [...resources.values()].filter(
    ({ owners }) => owners.length > 0 && owners.every((owner) => blueprints.get(owner)?.paused === true),
  );
  return new Set(paused.map(({ resource, generation }) => ofGeneration(resource.key, generation)));
}
