import type { ConfigEntry } from './config-entries.ts';
import type { Handler, IntentionSpec, Mesh, ServiceOptions, ServiceSpec, StartOptions } from './types.ts';

/**
 * What can be imported, as types alone: `src/main/library.ts` is held to it by a test, and `dist/library.d.ts` ends with it.
 * A mesh of its own: ports, certificates and registry are nobody else's. Rejects with a `MeshError` when what it is made of is wrong,
 * and leaves nothing behind then.
 */
export declare function startMesh(options?: StartOptions): Promise<Mesh>;

/** A service for `startMesh`. */
export declare function service(name: string, handler: Handler, options?: ServiceOptions): ServiceSpec;

/** A config entry: as it is, with its type checked. */
export declare function configEntry(entry: ConfigEntry): ConfigEntry;

/** Who may call whom, for `startMesh`. */
export declare function intention(source: string, destination: string, action: IntentionSpec['action']): IntentionSpec;

/** What anything of this package fails with that is no bug of it: a sentence, and what to do about it. */
export declare class MeshError extends Error {
  constructor(code: MeshError['code'], message: string, details?: { hint?: string; cause?: unknown });
  readonly name: 'MeshError';
  readonly code: 'failed' | 'usage' | 'invalid' | 'environment' | 'incomplete' | 'unreachable' | 'bug' | 'interrupted' | 'terminated';
  /** What to change, or to type. */
  readonly hint: string | undefined;
  /** What is wrong with configuration, one by one; `path` says where: `Splits[0].Weight`. */
  readonly diagnostics: readonly {
    readonly severity: 'error' | 'warning';
    readonly summary: string;
    readonly path?: string;
    readonly hint?: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
  }[];
}
