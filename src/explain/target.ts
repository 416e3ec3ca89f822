import type { Chain, ChainTarget, ResolverNode } from '../compile/chain-model.ts';
import { clusterName } from '../compile/clusters.ts';
import type { Cluster } from '../compile/proxy-config.ts';
import type { Walk } from './walk.ts';

/** A cluster of the caller, with what it was made of. */
export interface Target {
  readonly cluster: Cluster;
  /** Absent: of a prepared query. */
  readonly of?: { readonly chain: Chain; readonly target: ChainTarget; readonly resolver: ResolverNode | undefined };
}

/** Undefined: the configuration has no such cluster. */
export function targetOf({ caller }: Walk, name: string, chains: readonly Chain[]): Target | undefined {
  const cluster = caller.config.clusters[name];
  if (!cluster) return undefined;
  for (const chain of chains) {
    const target = Object.values(chain.targets).find(({ id }) => clusterName(chain, id) === name);
    if (!target) continue;
    const resolver = Object.values(chain.nodes).find((node) => node.type === 'resolver' && node.target === target.id);
    return { cluster, of: { chain, target, resolver: resolver?.type === 'resolver' ? resolver : undefined } };
  }
  return { cluster };
}

export const subsetOf = ({ of }: Target): string => of?.target.subset ?? '';

/** `payments, subset v2 in dc2`: of one in the caller's datacenter without it. */
export function clusterText({ caller }: Walk, target: Target): string {
  const { service, datacenter } = target.cluster;
  const subset = subsetOf(target);
  return `${service}${subset === '' ? '' : `, subset ${subset}`}${datacenter === caller.dc ? '' : ` in ${datacenter}`}`;
}
