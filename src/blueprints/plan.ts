import { isDeepStrictEqual } from 'node:util';
import { type BlueprintRef, type DesiredGraph, type DesiredResource, topologicalOrder } from './graph.ts';
import type { ResourceRecord, State } from './state.ts';

/** One thing to do. `replace` is destroy and create; `share` and `disown` only change who owns a running resource. */
export type Action =
  | { readonly kind: 'create' | 'keep' | 'share'; readonly resource: DesiredResource }
  | { readonly kind: 'replace'; readonly resource: DesiredResource; readonly reason: string; readonly previous: ResourceRecord }
  | { readonly kind: 'destroy' | 'disown'; readonly previous: ResourceRecord };

/** A resource of that name runs already, made differently by another blueprint. */
export interface Conflict {
  readonly resource: DesiredResource;
  readonly running: ResourceRecord;
  readonly owners: readonly BlueprintRef[];
}

export interface Plan {
  /** Destroys first (dependents before what they depend on), then the rest (dependencies first). */
  readonly actions: readonly Action[];
  readonly conflicts: readonly Conflict[];
}

/** What has to happen so that the state holds this graph. */
export function plan(desired: DesiredGraph, state: State): Plan {
  const id = desired.blueprint.id;
  const wanted = new Set(desired.resources.map((resource) => resource.key));
  const conflicts: Conflict[] = [];
  const replaced = new Set<string>();
  const actions: Action[] = [];
  for (const resource of desired.resources) {
    const running = state.resources.get(resource.key);
    const action = decide(resource, running, id, replaced);
    if (action === 'conflict') {
      const owners = running!.owners
        .filter((owner) => owner !== id)
        .map((owner) => state.blueprints.get(owner) ?? { id: owner, name: owner });
      conflicts.push({ resource, running: running!, owners });
    } else {
      if (action.kind === 'replace') replaced.add(resource.key);
      actions.push(action);
    }
  }
  const dropped = [...state.resources.values()].filter((record) => record.owners.includes(id) && !wanted.has(record.resource.key));
  return { actions: [...removals(dropped, id), ...actions], conflicts };
}

/** What has to happen so that nothing of these blueprints is left. */
export function planDestroy(ids: ReadonlySet<string>, state: State): Action[] {
  const owned = [...state.resources.values()].filter((record) => record.owners.some((owner) => ids.has(owner)));
  const order = reverseOrder(owned);
  return order.map((previous) => ({ kind: previous.owners.every((owner) => ids.has(owner)) ? 'destroy' : 'disown', previous }));
}

function decide(
  resource: DesiredResource,
  running: ResourceRecord | undefined,
  blueprint: string,
  replaced: ReadonlySet<string>,
): Action | 'conflict' {
  if (!running) return { kind: 'create', resource };
  const same = isDeepStrictEqual(running.resource.spec, resource.spec);
  const shared = running.owners.some((owner) => owner !== blueprint);
  if (shared && !same) return 'conflict';
  const reason =
    running.status !== 'created'
      ? `it was left ${running.status}${running.error === undefined ? '' : `: ${running.error}`}`
      : same
        ? resource.dependsOn.find((key) => replaced.has(key))
        : changedAttribute(running.resource.spec, resource.spec);
  if (reason !== undefined) return { kind: 'replace', resource, reason, previous: running };
  return { kind: running.owners.includes(blueprint) ? 'keep' : 'share', resource };
}

function removals(records: readonly ResourceRecord[], blueprint: string): Action[] {
  return reverseOrder(records).map((previous) => ({
    kind: previous.owners.length === 1 && previous.owners[0] === blueprint ? 'destroy' : 'disown',
    previous,
  }));
}

function reverseOrder(records: readonly ResourceRecord[]): ResourceRecord[] {
  const items = records.map((record) => ({ key: record.resource.key, dependsOn: record.resource.dependsOn, record }));
  return topologicalOrder(items)
    .order.toReversed()
    .map((item) => item.record);
}

/** The path of the first difference: `workload.env.MESSAGE`. */
function changedAttribute(before: unknown, after: unknown): string {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return '';
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (isDeepStrictEqual(old[key], now[key])) continue;
    const deeper = changedAttribute(old[key], now[key]);
    return deeper === '' ? key : `${key}.${deeper}`;
  }
  return '';
}
