import type { Json } from '../schema/located.ts';
import type { DesiredResource } from './graph.ts';
import type { Action } from './plan.ts';
import type { ResourceType } from './resource-type.ts';
import { resourceTypeOf } from './resources/index.ts';
import { type JournalRecord, type ResourceRecord, recordsFor, type State } from './state.ts';

/** A resource on its way from asked for to ready. */
export interface Step {
  readonly resource: DesiredResource;
  readonly type: ResourceType;
  readonly owners: readonly string[];
  readonly generation: number | undefined;
  reservation: unknown;
  /** What creating it gave. */
  created?: Json | undefined;
  readonly startedAt: number;
  /** It runs already and was not touched. */
  readonly kept?: true;
  /** It runs already, differently, and becomes this without going away. */
  readonly previous?: ResourceRecord;
}

export function recordOfStep(step: Step, status: ResourceRecord['status']): ResourceRecord {
  const { resource, owners, startedAt, generation, reservation, created } = step;
  return {
    resource,
    owners,
    status,
    since: startedAt,
    ...(reservation === undefined ? {} : { reservation }),
    ...(created === undefined ? {} : { created }),
    ...(generation === undefined ? {} : { generation }),
  };
}

/** What the journal says of a step in a status. */
export function noteOf(step: Step, status: ResourceRecord['status']): JournalRecord {
  return { type: 'resource', record: recordOfStep(step, status) };
}

/** What runs already and was not touched, of what a plan asks for. */
export function keptSteps(state: State, actions: readonly Action[], blueprint: string): Step[] {
  const recordOf = recordsFor(state, blueprint);
  return actions.flatMap((action) =>
    action.kind === 'keep' || action.kind === 'share' ? (stepOf(recordOf(action.resource.key)) ?? []) : [],
  );
}

/** What runs under a key, as a step that has been taken. */
export function keptStep(state: State, key: string): Step | undefined {
  return stepOf(state.resources.get(key));
}

function stepOf(record: ResourceRecord | undefined): Step | undefined {
  const type = record && resourceTypeOf(record.resource.type);
  if (!record || !type) return undefined;
  const { resource, owners, reservation, since: startedAt, generation } = record;
  return { resource, type, owners, reservation, startedAt, generation, kept: true };
}
