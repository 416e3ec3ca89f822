import { isDeepStrictEqual } from 'node:util';
import { type Cause, causesOfChange } from './causes.ts';
import { type BlueprintRef, type DesiredGraph, type DesiredResource, topologicalOrder } from './graph.ts';
import { type ResourceRecord, recordsFor, type State, slotOf } from './state.ts';

/**
 * One thing to do. `replace` is destroy and create; `swap` is create beside the one of another blueprint, which goes later;
 * `share` and `disown` only change who owns a running resource.
 */
export type Action =
  | { readonly kind: 'create' | 'keep' | 'share'; readonly resource: DesiredResource }
  | {
      readonly kind: 'update' | 'swap' | 'replace';
      readonly resource: DesiredResource;
      readonly previous: ResourceRecord;
      /** Why; at least one. */
      readonly causes: readonly Cause[];
    }
  | { readonly kind: 'destroy' | 'disown'; readonly previous: ResourceRecord };

/** Whether something is made or changed by it, so that it has to be claimed, started and waited for. */
export function makes(action: Action): action is Extract<Action, { readonly kind: 'create' | 'replace' | 'swap' | 'update' }> {
  return action.kind === 'create' || action.kind === 'replace' || action.kind === 'swap' || action.kind === 'update';
}

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

export interface PlanOptions {
  /** Ids of applied blueprints whose place this one takes: they are removed when it is ready. */
  readonly replacing?: ReadonlySet<string>;
  /** Whether a running resource can become another one without going away. */
  readonly canUpdate?: (before: DesiredResource, after: DesiredResource) => boolean;
}

/** What has to happen so that the state holds this graph. */
export function plan(desired: DesiredGraph, state: State, options: PlanOptions = {}): Plan {
  const id = desired.blueprint.id;
  const wanted = new Set(desired.resources.map((resource) => resource.key));
  const conflicts: Conflict[] = [];
  const replaced = new Set<string>();
  const actions: Action[] = [];
  const made = new Set(Array.from(state.resources.values()).flatMap((record) => (record.outgoing ? [record.resource.key] : [])));
  const recordOf = recordsFor(state, id);
  for (const resource of desired.resources) {
    const running = recordOf(resource.key);
    const action = decide(resource, running, { blueprint: id, replaced, ...options });
    if (action === 'conflict') {
      const present = state.resources.get(resource.key) ?? running!;
      const owners = present.owners
        .filter((owner) => owner !== id)
        .map((owner) => state.blueprints.get(owner) ?? { id: owner, name: owner });
      conflicts.push({ resource, running: present, owners });
    } else {
      // One that was made room for in an earlier, unfinished run is replaced just as well.
      const again = action.kind === 'create' && made.has(resource.key);
      if (action.kind === 'replace' || action.kind === 'swap' || again) replaced.add(resource.key);
      actions.push(action);
    }
  }
  // What waits stays as it is, unless something goes that it was made for.
  for (const { key, dependsOn } of desired.deferred ?? []) {
    if (dependsOn.some((other) => replaced.has(other))) replaced.add(key);
    else wanted.add(key);
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

interface Given extends PlanOptions {
  readonly blueprint: string;
  /** Keys that are made anew, so that what depends on them has to be, too. */
  readonly replaced: ReadonlySet<string>;
}

function decide(resource: DesiredResource, running: ResourceRecord | undefined, given: Given): Action | 'conflict' {
  if (!running) return { kind: 'create', resource };
  const { blueprint, replaced, replacing = new Set<string>(), canUpdate = () => false } = given;
  const same = isDeepStrictEqual(running.resource.spec, resource.spec);
  // Another blueprint began to take its place: it serves on as it is, and can't be changed before that is settled.
  if (running.outgoing) return same && running.status === 'created' ? { kind: 'keep', resource } : 'conflict';
  const others = running.owners.filter((owner) => owner !== blueprint);
  const renewed = resource.dependsOn.find((key) => replaced.has(key));
  if (others.length > 0 && !(same && renewed === undefined)) {
    const leaving = others.every((owner) => replacing.has(owner));
    if (leaving) return { kind: 'swap', resource, previous: running, causes: causesOf(running, resource, { same, replaced }) };
    if (!same) return 'conflict';
  }
  const causes = causesOf(running, resource, { same, replaced });
  if (causes.length === 0) return { kind: running.owners.includes(blueprint) ? 'keep' : 'share', resource };
  const soft = causes.every(({ kind }) => kind !== 'status' && kind !== 'resource');
  const kind = soft && canUpdate(running.resource, resource) ? 'update' : 'replace';
  return { kind, resource, previous: running, causes };
}

/** Why it can't stay as it is. */
function causesOf(
  { status, error, tainted, resource: before }: ResourceRecord,
  resource: DesiredResource,
  { same, replaced }: { readonly same: boolean; readonly replaced: ReadonlySet<string> },
): Cause[] {
  const causes: Cause[] = [];
  if (tainted) causes.push({ kind: 'status', text: 'it is tainted' });
  else if (status !== 'created') causes.push({ kind: 'status', text: `it was left ${status}${error === undefined ? '' : `: ${error}`}` });
  for (const key of resource.dependsOn) if (replaced.has(key)) causes.push({ kind: 'resource', key });
  return same ? causes : [...causes, ...causesOfChange(before, resource)];
}

function removals(records: readonly ResourceRecord[], blueprint: string): Action[] {
  return reverseOrder(records).map((previous) => ({
    kind: previous.owners.length === 1 && previous.owners[0] === blueprint ? 'destroy' : 'disown',
    previous,
  }));
}

function reverseOrder(records: readonly ResourceRecord[]): ResourceRecord[] {
  const slots = dependencySlots(records);
  const items = records.map((record) => ({ key: slotOf(record), dependsOn: slots(record), record }));
  return topologicalOrder(items)
    .order.toReversed()
    .map((item) => item.record);
}

/** Finds the slots among `records` that one depends on: of its own generation where there are two. */
export function dependencySlots(records: readonly ResourceRecord[]): (record: ResourceRecord) => string[] {
  const byKey = new Map<string, ResourceRecord[]>();
  for (const record of records) {
    const named = byKey.get(record.resource.key);
    if (named) named.push(record);
    else byKey.set(record.resource.key, [record]);
  }
  return (record) =>
    record.resource.dependsOn.flatMap((key) => {
      const named = byKey.get(key) ?? [];
      const found = named.find((other) => other.generation === record.generation) ?? named.find((other) => !other.outgoing) ?? named[0];
      return found ? [slotOf(found)] : [];
    });
}
