import type { DesiredResource } from './graph.ts';
import type { ResourceType } from './resource-type.ts';
import type { JournalRecord, ResourceRecord } from './state.ts';

/** A resource on its way from asked for to ready. */
export interface Step {
  readonly resource: DesiredResource;
  readonly type: ResourceType;
  readonly owners: readonly string[];
  readonly generation: number | undefined;
  reservation: unknown;
  readonly startedAt: number;
  /** It runs already and was not touched. */
  readonly kept?: true;
  /** It runs already, differently, and becomes this without going away. */
  readonly previous?: ResourceRecord;
}

export function recordOfStep(step: Step, status: ResourceRecord['status']): ResourceRecord {
  const { resource, owners, startedAt, generation, reservation } = step;
  return {
    resource,
    owners,
    status,
    since: startedAt,
    ...(reservation === undefined ? {} : { reservation }),
    ...(generation === undefined ? {} : { generation }),
  };
}

/** What the journal says of a step in a status. */
export function noteOf(step: Step, status: ResourceRecord['status']): JournalRecord {
  return { type: 'resource', record: recordOfStep(step, status) };
}
