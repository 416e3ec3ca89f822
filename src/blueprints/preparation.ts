import { isDeepStrictEqual } from 'node:util';
import { checkBases, refuseBases } from './builds-on.ts';
import type { RunOptions } from './engine.ts';
import type { Leaving } from './generations.ts';
import type { DesiredGraph } from './graph.ts';
import { beingReplacedBy, leavingWith } from './leaving.ts';
import { refuseLoss, refuseNeeded } from './needed.ts';
import { type Action, planDestroy } from './plan.ts';
import { planRun } from './planning.ts';
import { checkHostPorts, type PortContext } from './port-conflicts.ts';
import type { JournalRecord, ResourceRecord, State } from './state.ts';

/** What a run will do. */
export interface Prepared {
  readonly actions: readonly Action[];
  /** Ids of the blueprints that are removed once everything is ready. */
  readonly replacing: ReadonlySet<string>;
  /** What goes with them. */
  readonly leaving: Leaving;
}

export interface Present {
  readonly state: State;
  readonly context: PortContext;
  /** False when something of it has given up or vanished. */
  readonly isHealthy: (record: ResourceRecord) => boolean;
}

/** Decides all that a run does, and refuses what it can't, before anything is touched: the same for `plan` and for `run`. */
export async function prepareRun(
  graph: DesiredGraph,
  asked: Pick<RunOptions, 'ports' | 'replacing'>,
  { state, context, isHealthy }: Present,
): Promise<Prepared> {
  const id = graph.blueprint.id;
  const named = asked.replacing?.filter((other) => state.blueprints.has(other) && other !== id) ?? [];
  const replacing = new Set([...named, ...beingReplacedBy(id, state)]);
  checkBases(graph, replacing, state);
  refuseBases(replacing, state);
  const wanted = new Set([...graph.resources, ...(graph.deferred ?? [])].map(({ key }) => key));
  const goes = planDestroy(replacing, state).flatMap((action) => (action.kind === 'destroy' ? [action.previous] : []));
  const unreplaced = goes.filter((record) => !wanted.has(record.resource.key));
  refuseNeeded(unreplaced, new Set([...replacing, id]), state);
  const leaving = leavingWith(replacing, state);
  const actions = planRun(graph, { state, replacing, isHealthy });
  refuseLoss(actions, id, state);
  if (asked.ports === 'fixed') await checkHostPorts(actions, { state, context, leaving });
  return { actions, replacing, leaving };
}

/** What stays as it is was perhaps written anew: in other words, at another place. The next plan starts from these. */
export function rewritten(actions: readonly Action[], { resources }: State): JournalRecord[] {
  return actions.flatMap((action): JournalRecord[] => {
    if (action.kind !== 'keep') return [];
    const record = resources.get(action.resource.key);
    if (!record || record.outgoing || isDeepStrictEqual(record.resource, action.resource)) return [];
    return [{ type: 'resource', record: { ...record, resource: action.resource } }];
  });
}
