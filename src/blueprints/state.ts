import { ofGeneration } from '../base/generation.ts';
import type { Json } from '../schema/located.ts';
import type { BlueprintRef, DesiredResource } from './graph.ts';

/**
 * What is applied, as the journal tells it. Every action writes a record before and after, so that an agent that comes
 * after a crash knows what may exist: a resource found `creating` or `destroying` is swept and made again or removed.
 */
export type ResourceStatus = 'creating' | 'created' | 'updating' | 'failed' | 'destroying';

export interface ResourceRecord {
  readonly resource: DesiredResource;
  /** Ids of the blueprints that ask for it. */
  readonly owners: readonly string[];
  readonly status: ResourceStatus;
  /** What `reserve` claimed for it: addresses, chosen before anything starts. */
  readonly reservation?: unknown;
  /** What creating it gave, for others to refer to. */
  readonly created?: Json;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Why it failed. */
  readonly error?: string;
  /** While it is `updating`: what it shall become. Things of both may exist. */
  readonly next?: DesiredResource;
  /** The user asked that the next run makes it anew. */
  readonly tainted?: true;
  /** Which generation its addresses, processes and names belong to; absent for what replaced nothing. */
  readonly generation?: number;
  /** Another resource of its name takes its place: it serves on until that one is ready. */
  readonly outgoing?: true;
}

/** Where a record stands in the state: under its key, or beside the one that takes its place. */
export function slotOf(record: ResourceRecord): string {
  return record.outgoing ? ofGeneration(record.resource.key, record.generation ?? 1) : record.resource.key;
}

export type JournalRecord =
  | { readonly type: 'blueprint'; readonly blueprint: BlueprintRef; readonly since: number }
  | { readonly type: 'blueprint-gone'; readonly id: string }
  /** Ends with `paused: false`, and with the next `blueprint` record. */
  | { readonly type: 'paused'; readonly id: string; readonly paused: boolean }
  | { readonly type: 'resource'; readonly record: ResourceRecord }
  /** By slot. If it had taken the place of another one that is still there, that one has it again. */
  | { readonly type: 'resource-gone'; readonly key: string }
  /** The present resource of this key makes room for another one. */
  | { readonly type: 'outgoing'; readonly key: string };

export interface AppliedBlueprint extends BlueprintRef {
  readonly since: number;
  /** Its workloads don't run, until it is resumed or run again. */
  readonly paused?: true;
}

export interface State {
  readonly blueprints: ReadonlyMap<string, AppliedBlueprint>;
  /** By slot. */
  readonly resources: ReadonlyMap<string, ResourceRecord>;
}

export const emptyState: State = { blueprints: new Map(), resources: new Map() };

export function applyRecord(state: State, record: JournalRecord): State {
  return applyRecords(state, [record]);
}

/** The same for many, with one copy of the state. */
export function applyRecords(state: State, records: readonly JournalRecord[]): State {
  const blueprints = new Map(state.blueprints);
  const resources = new Map(state.resources);
  for (const record of records) applyTo(blueprints, resources, record);
  return { blueprints, resources };
}

function applyTo(blueprints: Map<string, AppliedBlueprint>, resources: Map<string, ResourceRecord>, record: JournalRecord): void {
  switch (record.type) {
    case 'blueprint':
      blueprints.set(record.blueprint.id, { ...record.blueprint, since: record.since });
      break;
    case 'blueprint-gone':
      blueprints.delete(record.id);
      break;
    case 'paused': {
      const blueprint = blueprints.get(record.id);
      if (!blueprint) break;
      const { paused: _, ...running } = blueprint;
      blueprints.set(record.id, record.paused ? { ...running, paused: true } : running);
      break;
    }
    case 'resource':
      resources.set(slotOf(record.record), record.record);
      break;
    case 'resource-gone':
      resources.delete(record.key);
      restore(resources, record.key);
      break;
    case 'outgoing': {
      const present = resources.get(record.key);
      resources.delete(record.key);
      if (present) resources.set(slotOf({ ...present, outgoing: true }), { ...present, outgoing: true });
      break;
    }
  }
}

function restore(resources: Map<string, ResourceRecord>, key: string): void {
  for (const [slot, record] of resources) {
    if (!record.outgoing || record.resource.key !== key || resources.has(key)) continue;
    const { outgoing: _, ...present } = record;
    resources.delete(slot);
    resources.set(key, present);
  }
}

/** The record that a resource of a generation means by a key: of its own generation if there is one. */
export function recordOf({ resources }: State, key: string, generation: number | undefined): ResourceRecord | undefined {
  for (const record of resources.values()) if (record.resource.key === key && record.generation === generation) return record;
  return resources.get(key);
}

/** Specs of what is applied of a type, without one resource: what was made before it, and after it (all before one that is not there). */
export function othersOf(
  { resources }: State,
  type: string,
  key: string,
  generation: number | undefined,
): { readonly below: readonly unknown[]; readonly above: readonly unknown[] } {
  const ofType = [...resources.values()].filter(({ resource }) => resource.type === type);
  const own = ofType.findIndex((record) => record.resource.key === key && record.generation === generation);
  const specs = (records: readonly ResourceRecord[]): unknown[] =>
    records.filter(({ status }) => status === 'created' || status === 'updating').map(({ resource }) => resource.spec);
  return own === -1 ? { below: specs(ofType), above: [] } : { below: specs(ofType.slice(0, own)), above: specs(ofType.slice(own + 1)) };
}

/** Finds the record that a blueprint means by a key: its own, though another one may be taking its place, or what there is. */
export function recordsFor({ resources }: State, blueprint: string): (key: string) => ResourceRecord | undefined {
  const outgoing = [...resources.values()].filter((record) => record.outgoing && record.owners.includes(blueprint));
  return (key) => outgoing.find(({ resource }) => resource.key === key) ?? resources.get(key);
}

/** A number that no resource has. */
export function nextGeneration({ resources }: State): number {
  return Math.max(1, ...Array.from(resources.values(), (record) => record.generation ?? 1)) + 1;
}

/** The fewest records that give this state. */
export function stateToRecords(state: State): JournalRecord[] {
  return [
    ...[...state.blueprints.values()].flatMap(({ since, paused, ...blueprint }): JournalRecord[] => [
      { type: 'blueprint', blueprint, since },
      ...(paused ? [{ type: 'paused', id: blueprint.id, paused } as const] : []),
    ]),
    ...[...state.resources.values()].map((record): JournalRecord => ({ type: 'resource', record })),
  ];
}
