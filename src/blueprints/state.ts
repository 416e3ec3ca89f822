import type { BlueprintRef, DesiredResource } from './graph.ts';

/**
 * What is applied, as the journal tells it. Every action writes a record before and after, so that an agent that comes
 * after a crash knows what may exist: a resource found `creating` or `destroying` is swept and made again or removed.
 */
export type ResourceStatus = 'creating' | 'created' | 'failed' | 'destroying';

export interface ResourceRecord {
  readonly resource: DesiredResource;
  /** Ids of the blueprints that ask for it. */
  readonly owners: readonly string[];
  readonly status: ResourceStatus;
  /** What `reserve` claimed for it: addresses, chosen before anything starts. */
  readonly reservation?: unknown;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Why it failed. */
  readonly error?: string;
}

export type JournalRecord =
  | { readonly type: 'blueprint'; readonly blueprint: BlueprintRef; readonly since: number }
  | { readonly type: 'blueprint-gone'; readonly id: string }
  | { readonly type: 'resource'; readonly record: ResourceRecord }
  | { readonly type: 'resource-gone'; readonly key: string };

export interface AppliedBlueprint extends BlueprintRef {
  readonly since: number;
}

export interface State {
  readonly blueprints: ReadonlyMap<string, AppliedBlueprint>;
  readonly resources: ReadonlyMap<string, ResourceRecord>;
}

export const emptyState: State = { blueprints: new Map(), resources: new Map() };

export function applyRecord(state: State, record: JournalRecord): State {
  const blueprints = new Map(state.blueprints);
  const resources = new Map(state.resources);
  switch (record.type) {
    case 'blueprint':
      blueprints.set(record.blueprint.id, { ...record.blueprint, since: record.since });
      break;
    case 'blueprint-gone':
      blueprints.delete(record.id);
      break;
    case 'resource':
      resources.set(record.record.resource.key, record.record);
      break;
    case 'resource-gone':
      resources.delete(record.key);
      break;
  }
  return { blueprints, resources };
}

/** The fewest records that give this state. */
export function stateToRecords(state: State): JournalRecord[] {
  return [
    ...[...state.blueprints.values()].map(({ since, ...blueprint }): JournalRecord => ({ type: 'blueprint', blueprint, since })),
    ...[...state.resources.values()].map((record): JournalRecord => ({ type: 'resource', record })),
  ];
}
