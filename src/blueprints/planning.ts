import { MeshError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';
import { appliedName } from './applied-name.ts';
import type { DesiredGraph, DesiredResource } from './graph.ts';
import { pausedKeys } from './pauses.ts';
import { type Action, plan } from './plan.ts';
import { resourceTypeOf } from './resources/index.ts';
import type { ResourceRecord, State } from './state.ts';

interface Given {
  readonly state: State;
  /** Ids of the blueprints whose place it takes. */
  readonly replacing: ReadonlySet<string>;
  /** False when something of it has given up or vanished. */
  readonly isHealthy: (record: ResourceRecord) => boolean;
}

/** What a run will do. Throws, before anything is touched, when it can't: something it builds on is missing, or another blueprint has it differently. */
export function planRun(graph: DesiredGraph, { state, replacing, isHealthy }: Given): readonly Action[] {
  checkDependencies(graph, state);
  const resources = new Map(state.resources);
  for (const [key, record] of resources) {
    const healthy = record.status !== 'created' || isHealthy(record);
    if (!healthy) resources.set(key, { ...record, status: 'failed', error: 'it has stopped' });
  }
  const { actions, conflicts } = plan(graph, { ...state, resources }, { replacing, canUpdate });
  const conflict = conflicts[0];
  if (!conflict) return actions;
  const { resource, owners } = conflict;
  const owner = owners[0];
  const name = owner?.name ?? 'another blueprint';
  const others = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : '';
  const message = `${resource.definedAt}: ${resource.key} runs already, defined differently by blueprint ${name}${others}`;
  if (!owner) throw new MeshError('invalid', message);
  const its = appliedName(owner, [graph.blueprint, ...state.blueprints.values()]);
  const own = shellWord(graph.typed ?? graph.blueprint.name);
  throw new MeshError('invalid', message, {
    hint: `mesh destroy ${its}, or \`mesh run ${own} --replace ${its}\` to put this one in its place without a gap`,
  });
}

/** A dependency that is in neither the blueprint nor the state: the blueprint builds on another one that is not applied. */
function checkDependencies(graph: DesiredGraph, state: State): void {
  const own = new Set(graph.resources.map((resource) => resource.key));
  const known = new Set([...own, ...state.resources.keys()]);
  const paused = pausedKeys(state);
  for (const resource of graph.resources) {
    const missing = resource.dependsOn.find((key) => !known.has(key));
    if (missing !== undefined)
      throw new MeshError('invalid', `${resource.definedAt}: ${resource.key} needs ${missing}, which is not running`);
    const asleep = resource.dependsOn.find((key) => !own.has(key) && paused.has(key));
    if (asleep === undefined) continue;
    const owner = state.blueprints.get(state.resources.get(asleep)!.owners[0]!)!;
    const hint = `mesh resume ${appliedName(owner, state.blueprints.values())}`;
    throw new MeshError('invalid', `${resource.key} needs ${asleep} of ${owner.name}, which is paused`, { hint });
  }
}

function canUpdate(before: DesiredResource, after: DesiredResource): boolean {
  const type = resourceTypeOf(after.type);
  return before.type === after.type && type?.update !== undefined && type.canUpdate?.(before.spec, after.spec) === true;
}
