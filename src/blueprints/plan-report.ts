import type { Cause } from './causes.ts';
import type { BlueprintRef, DeferredResource, DesiredGraph } from './graph.ts';
import { type Action, planDestroy } from './plan.ts';
import type { Prepared } from './preparation.ts';
import { isSecret } from './secret.ts';
import type { ResourceRecord, State } from './state.ts';
import { spokenPath } from './written.ts';

/** What a run would do, in the order in which it begins with it. */
export interface PlanReport {
  /** Of the blueprints that it builds on and that don't run: a run applies them before it, in this order. */
  readonly first: readonly PlanReport[];
  readonly blueprint: Pick<BlueprintRef, 'id' | 'name'>;
  readonly changes: readonly PlannedChange[];
  /** Decided only when others have been applied: a part of them is not known before. `anew`: what runs of it goes first. */
  readonly deferred: readonly (DeferredResource & { readonly anew?: true })[];
  /** Names of the blueprints that are removed when everything is ready. */
  readonly replaces: readonly string[];
  /** It is paused, and the run ends that. */
  readonly resumes: boolean;
}

export interface PlannedChange {
  readonly action: Action['kind'];
  readonly key: string;
  /** `v2/web.hcl:3`; absent for what is not in the blueprint. */
  readonly definedAt?: string;
  readonly causes: readonly PlannedCause[];
  /** Names of the other blueprints that have it. */
  readonly others: readonly string[];
}

/** A cause whose path is as one says it, and whose values are not told if they may be secret. */
export type PlannedCause = Cause & {
  /** The path as `placeOf` of a loaded blueprint takes it. */
  readonly at?: string;
  readonly secret?: true;
};

export function reportOf(graph: DesiredGraph, { actions, replacing }: Prepared, state: State): PlanReport {
  const { id, name } = graph.blueprint;
  const own = new Set([...graph.resources, ...(graph.deferred ?? [])].map(({ key }) => key));
  const going = planDestroy(replacing, state).filter((action) => 'previous' in action && !own.has(action.previous.resource.key));
  const { deferred = [] } = graph;
  const removed = new Set(actions.filter(({ kind }) => kind === 'destroy').map(keyOf));
  const anew = new Set(deferred.flatMap(({ key }) => (removed.has(key) ? [key] : [])));
  const nameOf = (blueprint: string): string => state.blueprints.get(blueprint)?.name ?? blueprint;
  const changeOf = (action: Action): PlannedChange => {
    const resource = 'resource' in action ? action.resource : action.previous.resource;
    const running: ResourceRecord | undefined = 'previous' in action ? action.previous : state.resources.get(resource.key);
    return {
      action: action.kind,
      key: resource.key,
      ...('resource' in action ? { definedAt: resource.definedAt } : {}),
      causes: 'causes' in action ? action.causes.map((cause) => toldCause(cause, action)) : [],
      others: (running?.owners ?? []).filter((owner) => owner !== id).map(nameOf),
    };
  };
  return {
    first: [],
    blueprint: { id, name },
    changes: [...actions, ...going].filter((action) => !anew.has(keyOf(action))).map(changeOf),
    deferred: deferred.map((one) => (anew.has(one.key) ? { ...one, anew: true } : one)),
    replaces: [...replacing].map(nameOf),
    resumes: state.blueprints.get(id)?.paused === true,
  };
}

const keyOf = (action: Action): string => ('resource' in action ? action.resource : action.previous.resource).key;

type Changing = Extract<Action, { readonly causes: readonly Cause[] }>;

function toldCause(cause: Cause, { resource, previous }: Changing): PlannedCause {
  if (cause.kind !== 'attribute') return cause;
  const both = { attributes: { ...previous.resource.written?.attributes, ...resource.written?.attributes } };
  const path = spokenPath(cause.path, both);
  const place = cause.path === path ? {} : { at: cause.path };
  // The value of an output goes by the name of the output.
  const name = resource.type === 'output' ? resource.name : cause.path;
  if (isSecret(name, [cause.before, cause.after])) return { kind: 'attribute', path, ...place, secret: true };
  return { ...cause, path, ...place };
}
