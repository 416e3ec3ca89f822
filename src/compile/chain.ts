import { createHash } from 'node:crypto';
import type { Result } from '../base/result.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { type ChainDraft, type ChainPass, emptyDraft } from './chain-draft.ts';
import type { Chain, ChainRequest, GraphError } from './chain-model.ts';
import { resolve } from './resolve.ts';

const PASSES: readonly ChainPass[] = [
  // Where a call enters: a router if there is one, else a splitter, else the resolver; each makes the nodes that it leads to.
  { name: 'assemble', run: assemble },
  // An upstream may know better than the entries. Last, so that what it overrides is complete.
  { name: 'override', run: override },
];

/** Compiles the discovery chain of a service. There is one for any name, registered or not. */
export function compileChain(snapshot: Snapshot, request: ChainRequest): Result<Chain, GraphError> {
  const draft = emptyDraft(snapshot, request);
  for (const pass of PASSES) {
    const message = pass.run(draft);
    if (message !== undefined) return { ok: false, error: { service: request.service, message } };
  }
  const start = draft.nodes.get(draft.startNode);
  const chain: Chain = {
    service: request.service,
    datacenter: request.evaluateInDc ?? request.dc,
    protocol: draft.protocol?.name ?? 'tcp',
    startNode: draft.startNode,
    nodes: Object.fromEntries(draft.nodes),
    targets: Object.fromEntries(draft.targets),
    isDefault: start?.type === 'resolver' && start.isDefault,
    customizationHash: draft.customizationHash,
  };
  return { ok: true, value: chain };
}

function assemble(draft: ChainDraft): string | undefined {
  const { service, dc, evaluateInDc } = draft.request;
  const start = resolve(draft, { service, datacenter: evaluateInDc ?? dc });
  if ('message' in start) return start.message;
  draft.startNode = start.node.id;
  return undefined;
}

/** What changes something marks the chain, so that its clusters are told from those of the same service without overrides. */
function override(draft: ChainDraft): undefined {
  const { protocol, connectTimeoutMs } = draft.request.overrides ?? {};
  const effective: string[] = [];
  if (protocol !== undefined && draft.protocol && draft.protocol.name !== protocol) {
    draft.protocol = { ...draft.protocol, name: protocol };
    effective.push(`protocol=${protocol}`);
  }
  if (connectTimeoutMs !== undefined) {
    const slower = [...draft.nodes.values()].filter((node) => node.type === 'resolver' && node.connectTimeoutMs !== connectTimeoutMs);
    for (const node of slower) draft.nodes.set(node.id, { ...node, connectTimeoutMs });
    if (slower.length > 0) effective.push(`connectTimeoutMs=${connectTimeoutMs}`);
  }
  if (effective.length > 0) draft.customizationHash = createHash('sha256').update(effective.join('&')).digest('hex').slice(0, 8);
}
