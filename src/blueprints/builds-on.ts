import { MeshError } from '../base/errors.ts';
import { appliedName } from './applied-name.ts';
import { type DesiredGraph, topologicalOrder } from './graph.ts';
import type { AppliedBlueprint, State } from './state.ts';

/** Throws when a blueprint can't be run on what is applied: something it builds on is missing, or is to make room for it. */
export function checkBases({ blueprint }: DesiredGraph, replacing: ReadonlySet<string>, { blueprints }: State): void {
  for (const base of blueprint.buildsOn ?? []) {
    if (replacing.has(base.id)) throw new MeshError('invalid', `${blueprint.name} builds on ${base.name}, and can't take its place`);
    if (blueprints.has(base.id)) continue;
    const hint = `mesh run ${appliedName(base, blueprints.values())}`;
    throw new MeshError('invalid', `${blueprint.name} builds on ${base.name}, which is not running`, { hint });
  }
}

/** Throws when blueprints that would go have others built on them that stay. `leaving`: ids of those that go. */
export function refuseBases(leaving: ReadonlySet<string>, { blueprints }: State): void {
  const above = topFirst([...blueprints.values()]).filter(({ id }) => !leaving.has(id));
  const gone = new Set(leaving);
  // Also those that build on the ones that would have to go first: whoever types the commands in this order gets there.
  const inTheWay = above.toReversed().filter(({ id, buildsOn = [] }) => {
    const builds = buildsOn.some((base) => gone.has(base.id));
    if (builds) gone.add(id);
    return builds;
  });
  const [first] = inTheWay;
  if (!first) return;
  const base = first.buildsOn!.find(({ id }) => leaving.has(id))!;
  const commands = inTheWay.toReversed().map((one) => `\`mesh destroy ${appliedName(one, blueprints.values())}\``);
  throw new MeshError('failed', `${base.name} stays: ${first.name} builds on it; nothing was changed`, {
    hint: `${commands.join(', then ')} first, or \`mesh destroy\` for everything`,
  });
}

/** What goes together, one layer after the other: a blueprint gives back what it found before those it builds on go. */
export function layersOf(blueprints: readonly AppliedBlueprint[]): AppliedBlueprint[][] {
  const layers: AppliedBlueprint[][] = [];
  const depths = new Map<string, number>();
  for (const blueprint of topFirst(blueprints)) {
    const depth = depths.get(blueprint.id) ?? 0;
    layers[depth] = [...(layers[depth] ?? []), blueprint];
    for (const { id } of blueprint.buildsOn ?? []) depths.set(id, Math.max(depths.get(id) ?? 0, depth + 1));
  }
  return layers;
}

/** A blueprint before those it builds on. */
function topFirst(blueprints: readonly AppliedBlueprint[]): AppliedBlueprint[] {
  const items = blueprints.map((blueprint) => ({
    key: blueprint.id,
    dependsOn: (blueprint.buildsOn ?? []).map(({ id }) => id),
    blueprint,
  }));
  return topologicalOrder(items)
    .order.toReversed()
    .map(({ blueprint }) => blueprint);
}
