import type { Clock, Random } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import { type AclPut, type AclRemoval, aclIndex } from '../../catalog/acl.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Op } from '../../catalog/types.ts';
import type { Committed } from '../registry.ts';

export interface AclChange<T> {
  readonly puts?: readonly AclPut[];
  readonly removals?: readonly AclRemoval[];
  /** What the caller gets when it is written. */
  readonly result: T;
}

export interface AclStoreOptions {
  readonly snapshot: Watch<Snapshot>;
  commit(ops: readonly Op[]): Promise<Committed>;
  readonly clock: Clock;
  readonly random: Random;
  /** Whose tables hold the tokens of all datacenters. */
  readonly primary: string;
}

/** The ACL tables, as those see them who change them. */
export class AclStore {
  readonly #options: AclStoreOptions;

  constructor(options: AclStoreOptions) {
    this.#options = options;
  }

  get snapshot(): Snapshot {
    return this.#options.snapshot.value;
  }

  get primary(): string {
    return this.#options.primary;
  }

  now(): number {
    return this.#options.clock.now();
  }

  /** RFC 3339. */
  timestamp(afterMs = 0): string {
    return new Date(this.now() + afterMs).toISOString();
  }

  uuid(): string {
    return this.#options.random.uuid();
  }

  /** `build` sees the tables as they are and throws what is wrong; it is called again when another write came in between. */
  async write<T>(build: (s: Snapshot) => AclChange<T> | Promise<AclChange<T>>): Promise<T> {
    for (;;) {
      const s = this.snapshot;
      const { puts = [], removals = [], result } = await build(s);
      if (puts.length === 0 && removals.length === 0) return result;
      const { applied } = await this.#options.commit([{ type: 'acl', dc: this.primary, seen: aclIndex(s, this.primary), puts, removals }]);
      if (applied) return result;
    }
  }
}
