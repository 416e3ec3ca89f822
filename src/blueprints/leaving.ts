import { withoutGeneration } from '../base/generation.ts';
import { type Leaving, NOTHING_LEAVES } from './generations.ts';
import { portMapOf } from './host-ports.ts';
import { resourceTypeOf } from './resources/index.ts';
import type { State } from './state.ts';

/** What goes when these blueprints go: what nobody else has, and what an earlier run has left beside its successor. */
export function leavingWith(ids: ReadonlySet<string>, state: State): Leaving {
  const records = [...state.resources.values()].filter((record) => record.outgoing || record.owners.every((owner) => ids.has(owner)));
  if (records.length === 0) return NOTHING_LEAVES;
  const keys = new Set(records.map((record) => record.resource.key));
  const ports = records.flatMap(({ resource: { type, spec }, reservation }) =>
    (resourceTypeOf(type)?.hostPorts?.(spec) ?? []).map((port) => [port, portMapOf(reservation)[port] ?? port] as const),
  );
  return { has: (key) => keys.has(withoutGeneration(key)), hostPorts: new Map(ports) };
}

/** Ids of the blueprints whose place this one began to take in a run that did not end: the next run goes on with that. */
export function beingReplacedBy(blueprint: string, { resources }: State): string[] {
  const outgoing = [...resources.values()].filter((record) => record.outgoing);
  const replaced = outgoing.filter((record) => resources.get(record.resource.key)?.owners.includes(blueprint));
  return [...new Set(replaced.flatMap((record) => record.owners))].filter((id) => id !== blueprint);
}
