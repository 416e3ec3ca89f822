import type { Result } from '../base/result.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { assemble } from './assemble.ts';
import { type ChainDraft, type ChainPass, Contradiction, emptyDraft } from './chain-draft.ts';
import type { Chain, ChainOverrides, ChainRequest, ChainTarget, GraphError } from './chain-model.ts';
import { customizationHash } from './customization-hash.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';
import { dropUnused, flattenSplitters, refuseBytes, refuseCircles } from './refine.ts';
import { hasGateway } from './resolve.ts';

const PASSES: readonly ChainPass[] = [
  // From the router, splitter or resolver of the service to everything that they lead to.
  { name: 'assemble', run: assemble },
  // Before anything walks the graph to its ends.
  { name: 'refuse circles', run: refuseCircles },
  // A proxy draws once for a request: splitters behind splitters become one.
  { name: 'flatten splitters', run: flattenSplitters },
  // The splitters that were flattened, and what only they led to.
  { name: 'drop unused', run: dropUnused },
  // After the protocols of all services were found to agree.
  { name: 'refuse bytes', run: refuseBytes },
  // An upstream may know better than the entries. Last, so that what it overrides is complete.
  { name: 'override', run: override },
];

/** Compiles the discovery chain of a service. There is one for any name, registered or not. */
export function compileChain(snapshot: Snapshot, request: ChainRequest): Result<Chain, GraphError> {
  const draft = emptyDraft(snapshot, request);
  try {
    for (const pass of PASSES) pass.run(draft);
  } catch (error) {
    if (error instanceof Contradiction) return { ok: false, error: { service: request.service, message: error.message } };
    throw error;
  }
  const start = draft.nodes.get(draft.startNode);
  const chain: Chain = {
    service: request.service,
    datacenter: request.evaluateInDc ?? request.dc,
    protocol: draft.protocol?.name ?? 'tcp',
    startNode: draft.startNode,
    nodes: sorted(draft.nodes),
    targets: sorted(draft.targets),
    isDefault: start?.type === 'resolver' && start.isDefault && isOwn(draft.targets.get(start.target), request.service),
    customizationHash: draft.customizationHash,
    serviceMeta: serviceDefaultsOf(snapshot, request.dc, request.service)?.Meta ?? {},
    envoyExtensions: [
      ...(proxyDefaultsOf(snapshot, request.dc)?.EnvoyExtensions ?? []),
      ...(serviceDefaultsOf(snapshot, request.dc, request.service)?.EnvoyExtensions ?? []),
    ],
  };
  return { ok: true, value: chain };
}

/** What changes something marks the chain, so that its clusters are told from those of the same service without overrides. */
function override(draft: ChainDraft): void {
  const { protocol, connectTimeoutMs, meshGateway } = draft.request.overrides ?? {};
  const effective: { -readonly [K in keyof ChainOverrides]: ChainOverrides[K] } = {};
  if (protocol !== undefined && draft.protocol && draft.protocol.name !== protocol) {
    draft.protocol = { ...draft.protocol, name: protocol };
    effective.protocol = protocol;
  }
  if (protocol !== undefined && draft.bytesForced) effective.protocol = protocol;
  if (connectTimeoutMs !== undefined) {
    const others = [...draft.targets.values()].filter((target) => target.connectTimeoutMs !== connectTimeoutMs);
    for (const target of others) draft.targets.set(target.id, { ...target, connectTimeoutMs });
    for (const node of draft.nodes.values()) if (node.type === 'resolver') draft.nodes.set(node.id, { ...node, connectTimeoutMs });
    if (others.length > 0) effective.connectTimeoutMs = connectTimeoutMs;
  }
  if (meshGateway !== undefined) {
    const others = [...draft.targets.values()].filter(
      (target) => !target.external && hasGateway(draft.request, target.datacenter) && target.meshGateway !== meshGateway,
    );
    for (const target of others) draft.targets.set(target.id, { ...target, meshGateway });
    if (others.length > 0) effective.meshGateway = meshGateway;
  }
  if (Object.keys(effective).length > 0) draft.customizationHash = customizationHash(effective);
}

/** Consul: a redirect to something without a resolver ends at a default one too. */
const isOwn = (target: ChainTarget | undefined, service: string): boolean => target?.service === service && target.peer === '';

/** By id, as Go prints maps. */
function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
