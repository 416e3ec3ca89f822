import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { readTrafficMeta, type TrafficMeta } from '../entries/traffic-meta.ts';
import { compileChain } from './chain.ts';
import { type ChainDraft, Contradiction, emptyDraft } from './chain-draft.ts';
import type { Chain } from './chain-model.ts';
import type { EntryCaution } from './entry-caution.ts';
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
function mirrorCluster(s: Snapshot, chain: Chain, context: TrafficContext, mirror: MirrorSetting): Cluster | undefined {
  const found = mirrorTarget(s, chain, context, mirror);
  if (typeof found === 'string') return undefined;
  const { node, targets } = found;
  const alone = { ...chain, nodes: { [node.id]: { ...node, failover: [] } }, targets: Object.fromEntries(targets) };
  const [cluster] = context.clustersOf({ ...alone, customizationHash: undefined });
  return cluster && { ...cluster, name: `mirror~${cluster.name}` };
}

type MirrorSetting = NonNullable<TrafficMeta['mirror']>;

/** That nothing is copied, although the Meta of a service says so. */
export function mirrorProblem(s: Snapshot, dc: string, service: string): EntryCaution | undefined {
  const defaults = entry(s, dc, 'service-defaults', service).value;
  const { mirror } = readTrafficMeta(defaults?.Meta);
  if (!mirror) return undefined;
  const chain = compileChain(s, { dc, service, trustDomain: '' });
  if (!chain.ok) return undefined;
  const found = mirrorTarget(s, chain.value, { dc, trustDomain: '' }, mirror);
  if (typeof found !== 'string') return undefined;
  return {
    summary: `no request to ${service} is copied to ${mirror.service}: ${found}`,
    hint: 'a copy goes to a service of the same protocol, or to a subset that its service-resolver has',
    about: { kind: 'service-defaults', name: mirror.service },
  };
}

/** What copies are sent to, or why they can't be. */
function mirrorTarget(
  s: Snapshot,
  chain: Chain,
  { dc, trustDomain }: Pick<TrafficContext, 'dc' | 'trustDomain'>,
  { service, subset }: MirrorSetting,
): { readonly node: ReturnType<typeof resolve>; readonly targets: ChainDraft['targets'] } | string {
  if (listenerProtocol(chain.protocol) === 'tcp') return `${chain.service} speaks ${chain.protocol}, of which requests can't be told apart`;
  const draft = emptyDraft(s, { dc, trustDomain, service, evaluateInDc: chain.datacenter });
  try {
    const node = resolve(draft, { service, subset, datacenter: chain.datacenter });
    const speaks = draft.protocol?.name ?? 'tcp';
    if (speaks !== chain.protocol) return `it speaks ${speaks}, and ${chain.service} ${chain.protocol}`;
    return { node, targets: draft.targets };
  } catch (error) {
    if (error instanceof Contradiction) return error.message;
    throw error;
  }
}
