import type { HeaderModifiers } from '../entries/header-modifiers.ts';
import { normalWeight, type ServiceSplit } from '../entries/service-splitter.ts';
import { type ChainDraft, Contradiction } from './chain-draft.ts';
import type { ChainNode, ChainSplit, SplitterNode } from './chain-model.ts';
import { isHttpLike } from './protocol.ts';

/** Splitters may lead to splitters, but not back. */
export function refuseCircles(draft: ChainDraft): void {
  const done = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    if (way.includes(id)) throw new Contradiction(`detected circular reference: [${[...way, id].join(' -> ')}]`);
    if (done.has(id)) return;
    for (const next of nextOf(draft.nodes.get(id))) visit(next, [...way, id]);
    done.add(id);
  };
  visit(draft.startNode, []);
}

/** A part that goes to a splitter is divided up among the parts of that one. There are no circles any more. */
export function flattenSplitters(draft: ChainDraft): void {
  const flat = (id: string): void => {
    const node = draft.nodes.get(id);
    for (const next of nextOf(node)) flat(next);
    if (node?.type !== 'splitter') return;
    const splits = node.splits.flatMap((split) => {
      const inner = draft.nodes.get(split.next);
      return inner?.type === 'splitter' ? divide(split, inner) : [split];
    });
    draft.nodes.set(id, { ...node, splits });
  };
  flat(draft.startNode);
}

function divide(outer: ChainSplit, inner: SplitterNode): ChainSplit[] {
  return inner.splits.map((split) => ({
    definition: mergeDefinitions(outer.definition, split.definition),
    weight: normalWeight((outer.weight * split.weight) / 100),
    next: split.next,
  }));
}

/** As if the request had passed through both: the inner one is nearer to the service, so the outer one sees the answer last. */
function mergeDefinitions(outer: ServiceSplit, inner: ServiceSplit): ServiceSplit {
  const request = mergeHeaders(outer.RequestHeaders, inner.RequestHeaders);
  const response = mergeHeaders(inner.ResponseHeaders, outer.ResponseHeaders);
  return { ...inner, ...(request ? { RequestHeaders: request } : {}), ...(response ? { ResponseHeaders: response } : {}) };
}

function mergeHeaders(first: HeaderModifiers | undefined, then: HeaderModifiers | undefined): HeaderModifiers | undefined {
  if (!first || !then) return first ?? then;
  return {
    Add: { ...first.Add, ...then.Add },
    Set: { ...first.Set, ...then.Set },
    Remove: [...(first.Remove ?? []), ...(then.Remove ?? [])],
  };
}

/** What flattening and default subsets left behind. */
export function dropUnused(draft: ChainDraft): void {
  const used = new Set<string>();
  const visit = (id: string): void => {
    if (used.has(id)) return;
    used.add(id);
    for (const next of nextOf(draft.nodes.get(id))) visit(next);
  };
  visit(draft.startNode);
  const targets = new Set<string>();
  for (const [id, node] of draft.nodes) {
    if (!used.has(id)) draft.nodes.delete(id);
    else if (node.type === 'resolver') for (const target of [node.target, ...node.failover]) targets.add(target);
  }
  for (const id of draft.targets.keys()) if (!targets.has(id)) draft.targets.delete(id);
}

/** Only requests can be routed and split. */
export function refuseBytes(draft: ChainDraft): void {
  const protocol = draft.protocol?.name ?? 'tcp';
  if (isHttpLike(protocol) || draft.nodes.get(draft.startNode)?.type === 'resolver') return;
  const chain = JSON.stringify(draft.request.service);
  throw new Contradiction(
    `discovery chain ${chain} uses a protocol ${JSON.stringify(protocol)} that does not permit advanced routing or splitting behavior`,
  );
}

function nextOf(node: ChainNode | undefined): string[] {
  if (node?.type === 'router') return node.routes.map((route) => route.next);
  return node?.type === 'splitter' ? node.splits.map((split) => split.next) : [];
}
