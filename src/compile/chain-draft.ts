import type { Snapshot } from '../catalog/snapshot.ts';
import type { ChainNode, ChainRequest, ChainTarget } from './chain-model.ts';

/** A chain under construction. The passes fill it in order; each may rely on those before it. */
export interface ChainDraft {
  readonly snapshot: Snapshot;
  readonly request: ChainRequest;
  readonly nodes: Map<string, ChainNode>;
  readonly targets: Map<string, ChainTarget>;
  /** The service that a resolver reached first, and its protocol: all others must agree with it. */
  protocol: { readonly of: string; readonly name: string } | undefined;
  startNode: string;
  customizationHash: string | undefined;
}

/** A step of the compilation. Answers the message of the first contradiction that it finds. */
export interface ChainPass {
  readonly name: string;
  run(draft: ChainDraft): string | undefined;
}

export function emptyDraft(snapshot: Snapshot, request: ChainRequest): ChainDraft {
  return {
    snapshot,
    request,
    nodes: new Map(),
    targets: new Map(),
    protocol: undefined,
    startNode: '',
    customizationHash: undefined,
  };
}
