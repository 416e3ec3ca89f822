import type { RunOptions } from './engine.ts';
import type { DesiredGraph } from './graph.ts';
import type { Action } from './plan.ts';
import { type PlanReport, reportOf } from './plan-report.ts';
import { type Present, prepareRun } from './preparation.ts';
import { applyRecords, type JournalRecord, type ResourceRecord, type State, slotOf } from './state.ts';

export interface PlanOptions extends Pick<RunOptions, 'ports' | 'replacing'> {
  /** Blueprints that are applied before it, in their order. */
  readonly after?: readonly DesiredGraph[];
}

/** What runs would do, one after the other: each is planned as if those before it had been applied. */
export async function planInOrder(
  graph: DesiredGraph,
  { after = [], ports, replacing }: PlanOptions,
  present: Present,
): Promise<PlanReport> {
  const first: PlanReport[] = [];
  const assumed = new Set<ResourceRecord['resource']>();
  const isHealthy = (record: ResourceRecord): boolean => assumed.has(record.resource) || present.isHealthy(record);
  let { state } = present;
  for (const one of after) {
    const prepared = await prepareRun(one, { ports }, { ...present, state, isHealthy });
    first.push(reportOf(one, prepared, state));
    for (const { resource } of prepared.actions.flatMap((action) => ('resource' in action ? [action] : []))) assumed.add(resource);
    state = stateAfter(one, prepared.actions, state);
  }
  const prepared = await prepareRun(graph, replacing ? { ports, replacing } : { ports }, { ...present, state, isHealthy });
  return { ...reportOf(graph, prepared, state), first };
}

/** As if everything had succeeded. Nothing is reserved. */
function stateAfter({ blueprint }: DesiredGraph, actions: readonly Action[], state: State): State {
  const records = actions.map((action): JournalRecord => {
    if (!('resource' in action)) {
      const { previous } = action;
      if (action.kind === 'destroy') return { type: 'resource-gone', key: slotOf(previous) };
      return { type: 'resource', record: { ...previous, owners: previous.owners.filter((owner) => owner !== blueprint.id) } };
    }
    const { resource, kind } = action;
    const running = state.resources.get(resource.key);
    const owners = [...new Set([...(running?.owners ?? []), blueprint.id])];
    if (running && (kind === 'keep' || kind === 'share')) return { type: 'resource', record: { ...running, owners } };
    return { type: 'resource', record: { resource, owners, status: 'created', since: 0 } };
  });
  return applyRecords(state, [{ type: 'blueprint', blueprint, since: 0 }, ...records]);
}
