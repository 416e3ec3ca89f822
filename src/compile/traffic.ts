import type { Snapshot } from '../catalog/snapshot.ts';
import { readTrafficMeta, type TrafficMeta } from '../entries/traffic-meta.ts';
import { Contradiction, emptyDraft } from './chain-draft.ts';
import type { Chain } from './chain-model.ts';
import { listenerProtocol } from './protocol.ts';
import type { Cluster, Mirror, Route } from './proxy-config.ts';
import { resolve } from './resolve.ts';

/** Where the calls of a chain go. */
export interface Traffic {
  readonly routes: readonly Route[];
  readonly clusters: readonly Cluster[];
}

export interface TrafficContext {
  /** The caller's. */
  readonly dc: string;
  readonly trustDomain: string;
  readonly clustersOf: (chain: Chain) => readonly Cluster[];
}

/** Puts in what the Meta of the called service asks for: copies of requests, a retry budget, clients that stay with their split. */
export function withTrafficMeta(s: Snapshot, chain: Chain, context: TrafficContext, traffic: Traffic): Traffic {
  const meta = readTrafficMeta(chain.serviceMeta);
  if (Object.keys(meta).length === 0 || listenerProtocol(chain.protocol) === 'tcp') return traffic;
  const { retryBudget, stickySplit: sticky } = meta;
  const copies = meta.mirror && mirrorCluster(s, chain, context, meta.mirror);
  const mirror: Mirror | undefined = copies && { cluster: copies.name, percent: meta.mirror!.percent };
  return {
    routes: traffic.routes.map((route) => ({
      ...route,
      ...(mirror ? { mirror } : {}),
      ...(sticky && route.splits.length > 1 ? { sticky } : {}),
    })),
    clusters: [
      ...traffic.clusters.map((cluster) => (retryBudget && cluster.service === chain.service ? { ...cluster, retryBudget } : cluster)),
      ...(copies ? [copies] : []),
    ],
  };
}

/** A cluster of its own, so that copies never wait for a connection with what they are copies of. Undefined when there is none to be had. */
function mirrorCluster(
  s: Snapshot,
  chain: Chain,
  { dc, trustDomain, clustersOf }: TrafficContext,
  { service, subset }: NonNullable<TrafficMeta['mirror']>,
): Cluster | undefined {
  const draft = emptyDraft(s, { dc, trustDomain, service, evaluateInDc: chain.datacenter });
  try {
    const node = resolve(draft, { service, subset, datacenter: chain.datacenter });
    if (draft.protocol?.name !== chain.protocol) return undefined;
    const alone = { ...chain, nodes: { [node.id]: { ...node, failover: [] } }, targets: Object.fromEntries(draft.targets) };
    const [cluster] = clustersOf({ ...alone, customizationHash: undefined });
    return cluster && { ...cluster, name: `mirror~${cluster.name}` };
  } catch (error) {
    if (error instanceof Contradiction) return undefined;
    throw error;
  }
}
