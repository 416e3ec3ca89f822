import { MeshError } from '../base/errors.ts';
import { appliedName } from './applied-name.ts';
import { type Action, dependencySlots } from './plan.ts';
import { resourceTypeOf } from './resources/index.ts';
import { type ResourceRecord, type State, slotOf } from './state.ts';

/** Throws when something that would go is needed by a blueprint that stays. `leaving`: ids of the blueprints that go. */
export function refuseNeeded(going: readonly ResourceRecord[], leaving: ReadonlySet<string>, state: State): void {
  const slots = new Set(going.map(slotOf));
  if (slots.size === 0) return;
  const all = [...state.resources.values()];
  const dependencies = dependencySlots(all);
  for (const record of all) {
    if (slots.has(slotOf(record)) || record.owners.every((owner) => leaving.has(owner))) continue;
    const needed = dependencies(record).find((slot) => slots.has(slot));
    if (needed === undefined) continue;
    const staying = record.owners.find((owner) => !leaving.has(owner))!;
    const blueprint = state.blueprints.get(staying) ?? { id: staying, name: staying };
    throw new MeshError('failed', `${needed} is needed by ${record.resource.key} of blueprint ${blueprint.name}; nothing was changed`, {
      hint: `\`mesh destroy ${appliedName(blueprint, state.blueprints.values())}\` first, or \`mesh destroy\` for everything`,
    });
  }
}

/**
 * Throws when a run of a blueprint would take away what another one needs: a resource that its files no longer have, or one
 * that is to be made anew though what others have in it goes with it.
 */
export function refuseLoss(actions: readonly Action[], blueprint: string, state: State): void {
  const going = actions.flatMap((action) => {
    if (action.kind === 'destroy') return [action.previous];
    const { type, spec } = 'previous' in action ? action.previous.resource : action.resource;
    return action.kind === 'replace' && resourceTypeOf(type)?.holdsOthers?.(spec) ? [action.previous] : [];
  });
  refuseNeeded(going, new Set([blueprint]), state);
}
