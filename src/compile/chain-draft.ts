import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import type { ServiceRouter } from '../entries/service-router.ts';
import type { ServiceSplitter } from '../entries/service-splitter.ts';
import type { ChainNode, ChainRequest, ChainTarget } from './chain-model.ts';
import { isHttpLike, serviceProtocol } from './protocol.ts';

/** A chain under construction. The passes fill it in order; each may rely on those before it. */
export interface ChainDraft {
  readonly snapshot: Snapshot;
  readonly request: ChainRequest;
  readonly nodes: Map<string, ChainNode>;
  readonly targets: Map<string, ChainTarget>;
  /** The service that was reached first, and its protocol: all others must agree with it. */
  protocol: { readonly of: string; readonly name: string } | undefined;
  startNode: string;
  customizationHash: string | undefined;
  /** An override switched a router or a splitter off. */
  bytesForced: boolean;
}

/** A step of the compilation. Throws a `Contradiction` when the entries do not fit together. */
export interface ChainPass {
  readonly name: string;
  run(draft: ChainDraft): void;
}

/** Entries that do not fit together; the message is Consul's. Never leaves `compileChain`. */
export class Contradiction extends Error {}

export function emptyDraft(snapshot: Snapshot, request: ChainRequest): ChainDraft {
  return {
    snapshot,
    request,
    nodes: new Map(),
    targets: new Map(),
    protocol: undefined,
    startNode: '',
    customizationHash: undefined,
    bytesForced: false,
  };
}

interface ChainEntries {
  readonly 'service-router': ServiceRouter;
  readonly 'service-splitter': ServiceSplitter;
  readonly 'service-resolver': ServiceResolver;
}

/** The entry of a kind that shapes a service, as the caller's datacenter has it. */
export function chainEntry<K extends keyof ChainEntries>(draft: ChainDraft, kind: K, service: string): ChainEntries[K] | undefined {
  return entry(draft.snapshot, draft.request.dc, kind, service).value as ChainEntries[K] | undefined;
}

/** Every service that a chain touches passes here: all must speak the same. */
export function recordProtocol(draft: ChainDraft, service: string): void {
  const name = serviceProtocol(draft.snapshot, draft.request.dc, service);
  draft.protocol ??= { of: service, name };
  if (draft.protocol.name === name) return;
  const chain = JSON.stringify(draft.request.service);
  throw new Contradiction(
    `discovery chain ${chain} uses inconsistent protocols; service ${JSON.stringify(service)} has "${name}" which is not "${draft.protocol.name}"`,
  );
}

/** Consul: an upstream that says it carries bytes is neither routed nor split, whatever entries say. */
export function shapingEntry<K extends 'service-router' | 'service-splitter'>(
  draft: ChainDraft,
  kind: K,
  service: string,
): ChainEntries[K] | undefined {
  const found = chainEntry(draft, kind, service);
  const protocol = draft.request.overrides?.protocol;
  if (!found || protocol === undefined || isHttpLike(protocol)) return found;
  draft.bytesForced = true;
  return undefined;
}
