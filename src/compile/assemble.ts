import { HASHING } from '../entries/load-balancer.ts';
import type { RouteDestination } from '../entries/service-router.ts';
import { type ChainDraft, recordProtocol, shapingEntry } from './chain-draft.ts';
import type { ChainNode, ChainRoute, ChainSplit, SplitterNode } from './chain-model.ts';
import { resolve, type TargetName } from './resolve.ts';

/** Where a call enters: the router of the service if there is one, else its splitter, else its resolver. */
export function assemble(draft: ChainDraft): void {
  const { service, dc, evaluateInDc, withoutRouter } = draft.request;
  const datacenter = evaluateInDc ?? dc;
  const router = withoutRouter ? undefined : shapingEntry(draft, 'service-router', service);
  if (!router) {
    draft.startNode = splitOrResolve(draft, { service, subset: '', datacenter }).id;
    return;
  }
  recordProtocol(draft, service);
  const routes = (router.Routes ?? []).map((definition): ChainRoute => {
    const to: RouteDestination = definition.Destination ?? {};
    const target = { service: to.Service || service, subset: to.ServiceSubset ?? '', datacenter };
    return { definition, next: (target.subset === '' ? splitOrResolve(draft, target) : resolve(draft, target)).id };
  });
  const rest = splitOrResolve(draft, { service, subset: '', datacenter });
  routes.push({ definition: { Match: { HTTP: { PathPrefix: '/' } }, Destination: { Service: service } }, next: rest.id });
  draft.startNode = nodeId('router', service);
  draft.nodes.set(draft.startNode, { type: 'router', id: draft.startNode, routes });
}

function splitOrResolve(draft: ChainDraft, name: TargetName): ChainNode {
  return split(draft, name) ?? resolve(draft, name);
}

/** The splitter of a service, if it has one, with everything that it leads to. */
function split(draft: ChainDraft, { service, datacenter }: TargetName): ChainNode | undefined {
  const id = nodeId('splitter', service);
  const known = draft.nodes.get(id);
  if (known) return known;
  const entry = shapingEntry(draft, 'service-splitter', service);
  if (!entry) return undefined;
  const splits: ChainSplit[] = [];
  const node: ChainNode = { type: 'splitter', id, splits, loadBalancer: undefined };
  // Known before its splits are: a splitter that leads back here ends in a circle, which a later pass names.
  draft.nodes.set(id, node);
  let loadBalancer: SplitterNode['loadBalancer'];
  for (const definition of entry.Splits ?? []) {
    const target = { service: definition.Service || service, subset: definition.ServiceSubset ?? '', datacenter };
    const nested = target.service !== service && target.subset === '' ? split(draft, target) : undefined;
    const next = nested ?? resolve(draft, target);
    if (next.type === 'resolver' && HASHING.includes(next.loadBalancer?.Policy ?? '')) loadBalancer ??= next.loadBalancer;
    splits.push({ definition, weight: definition.Weight, next: next.id });
  }
  if (loadBalancer === undefined) return node;
  const complete = { ...node, loadBalancer };
  draft.nodes.set(id, complete);
  return complete;
}

/** There is one namespace and one partition. */
const nodeId = (type: 'router' | 'splitter', service: string): string => `${type}:${service}.default.default`;
