import { MeshError } from '../base/errors.ts';
import { MAX_REPLICAS, type PodSetPlan } from '../base/pod.ts';
import { didYouMean } from '../base/suggest.ts';
import { type DesiredGraph, topologicalOrder } from './graph.ts';
import type { K8sConfigSpec } from './k8s/spec.ts';
import type { ResourceRecord, State } from './state.ts';

export interface Scaling {
  /** As it was asked for: `web`, `deployment/web`. */
  readonly name: string;
  /** `deployment/web` */
  readonly owner: string;
  readonly from: number;
  readonly to: number;
}

interface Scalable {
  readonly key: string;
  readonly blueprint: string;
  readonly set: PodSetPlan;
}

/**
 * What is applied, with other numbers of pods and nothing else changed: neither files that have been edited since nor values
 * of variables that were given then play a part. One graph for each blueprint that is concerned.
 */
export function scaled(state: State, counts: Readonly<Record<string, number>>): { graphs: DesiredGraph[]; scalings: Scaling[] } {
  const scalables = scalablesOf(state);
  const changes = Object.entries(counts).map(([name, to]) => ({ name, to, ...find(name, scalables, state) }));
  for (const { name, to } of changes) {
    if (!Number.isInteger(to) || to < 0 || to > MAX_REPLICAS)
      throw new MeshError('usage', `${name} can't be scaled to ${to}`, { hint: `a number from 0 to ${MAX_REPLICAS}` });
  }
  const ids = [...new Set(changes.map(({ blueprint }) => blueprint))];
  const graphs = ids.map((id): DesiredGraph => {
    const { since: _, paused: __, ...blueprint } = state.blueprints.get(id)!;
    const records = present(state).filter(({ owners }) => owners.includes(id));
    const { order } = topologicalOrder(records.map(({ resource }) => resource));
    const resources = order.map((resource) => {
      const own = changes.filter(({ key }) => key === resource.key);
      if (own.length === 0) return resource;
      const spec = resource.spec as K8sConfigSpec;
      const countOf = ({ baseName, replicas }: PodSetPlan) => own.find(({ set }) => set.baseName === baseName)?.to ?? replicas;
      return { ...resource, spec: { ...spec, sets: spec.sets.map((set) => ({ ...set, replicas: countOf(set) })) } };
    });
    return { blueprint, resources };
  });
  const scalings = changes.map(({ name, to, set }) => ({ name, owner: set.owner, from: set.replicas, to }));
  return { graphs, scalings };
}

const present = (state: State): ResourceRecord[] => [...state.resources.values()].filter((record) => !record.outgoing);

/** As in Kubernetes: a Pod is one, and a DaemonSet has one on each node. Of Nomad groups. */
const SCALABLE_KINDS = ['deployment', 'replicaset', 'statefulset', 'group'];

function scalablesOf(state: State): Scalable[] {
  return present(state)
    .filter(({ resource, owners }) => ['k8s_config', 'nomad_job'].includes(resource.type) && owners.length > 0)
    .flatMap(({ resource, owners }) =>
      (resource.spec as K8sConfigSpec).sets
        .filter(({ owner }) => SCALABLE_KINDS.includes(owner.split('/', 1)[0]!))
        .map((set) => ({ key: resource.key, blueprint: owners[0]!, set })),
    );
}

function find(name: string, scalables: readonly Scalable[], state: State): Scalable {
  const exact = scalables.filter(({ set: { owner, baseName } }) => owner === name || owner.endsWith(`/${name}`) || baseName === name);
  // A job of Nomad is scaled by its name, if it has one group.
  const found =
    exact.length > 0 ? exact : scalables.filter(({ set: { owner, pod } }) => owner.startsWith('group/') && pod.namespace === name);
  const names = scalables.map(({ set }) => set.owner);
  if (found.length > 1) {
    throw new MeshError('failed', `there are several called ${name}`, {
      hint: `one of: ${found.map(({ set }) => (new Set(names).size === names.length ? set.owner : set.baseName)).join(', ')}`,
    });
  }
  if (found[0]) return found[0];
  const there = names.length === 0 ? 'nothing that is applied can be scaled' : `these can be scaled: ${names.join(', ')}`;
  const isContainer = present(state).some(({ resource }) => resource.type === 'container' && [resource.name, resource.key].includes(name));
  if (isContainer) throw new MeshError('failed', `${name} is a container, which runs once; only deployments scale`, { hint: there });
  const short = names.map((owner) => owner.slice(owner.indexOf('/') + 1));
  throw new MeshError('failed', `there is no deployment ${JSON.stringify(name)}`, { hint: there, ...didYouMean(name, short) });
}
