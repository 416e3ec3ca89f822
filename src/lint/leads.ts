import { healthyMeshEndpoints } from '../catalog/gateways.ts';
import type { Chain, ChainTarget, ResolverNode } from '../compile/chain-model.ts';
import type { Looked } from './names.ts';
import { type Nowhere, nowhere } from './nowhere.ts';

/** A target of a chain that no call can reach, and whether another stands in for it. */
export interface DeadEnd extends Nowhere {
  readonly target: ChainTarget;
  readonly standIn?: ChainTarget;
}

/** Ends of a chain to which calls are sent and where nobody answers. Those of peers are not known here. */
export function deadEnds(looked: Looked, chain: Chain): DeadEnd[] {
  return reachedResolvers(chain).flatMap(({ target: id, failover }) => {
    const target = chain.targets[id]!;
    if (serves(looked, target)) return [];
    const standIn = failover.map((other) => chain.targets[other]!).find((other) => serves(looked, other));
    return [{ target, ...nowhere(looked, target), ...(standIn ? { standIn } : {}) }];
  });
}

const serves = ({ s }: Looked, target: ChainTarget): boolean =>
  target.peer !== '' || healthyMeshEndpoints(s, target.datacenter, target.service, target).length > 0;

/** Without those whose part of a split is nothing. */
function reachedResolvers({ nodes, startNode }: Chain): ResolverNode[] {
  const seen = new Set([startNode]);
  const found: ResolverNode[] = [];
  // A set is iterated over what is added to it meanwhile too.
  for (const id of seen) {
    const node = nodes[id];
    if (node?.type === 'resolver') found.push(node);
    if (node?.type === 'router') for (const { next } of node.routes) seen.add(next);
    if (node?.type === 'splitter') for (const { next, weight } of node.splits) if (weight > 0) seen.add(next);
  }
  return found;
}

/** `payments`, `subset v2 of payments`, `payments in dc2`. */
export function describeTarget({ service, subset, datacenter }: ChainTarget, dc: string): string {
  return `${subset === '' ? service : `subset ${subset} of ${service}`}${datacenter === dc ? '' : ` in ${datacenter}`}`;
}
