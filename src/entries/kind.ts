import type { Schema } from '../schema/schema.ts';
import type { Problem } from './problem.ts';

/** What every config entry has. */
export interface EntryBase {
  readonly Kind: string;
  readonly Name: string;
  readonly Meta?: Readonly<Record<string, string>>;
}

/** A service that an entry speaks of: a write re-validates the discovery chains of these. */
export interface ServiceRef {
  readonly service: string;
}

/**
 * One kind of config entry. `schema` lists the fields in the order in which `config read` prints them, without Kind, Name,
 * Meta and the indexes, which all kinds share.
 */
export interface EntryKind<T extends EntryBase = EntryBase> {
  readonly kind: string;
  readonly schema: Schema;
  /** Canonical form: defaults filled, names lower-cased where Consul does, lists sorted. Idempotent. */
  normalize(entry: T): T;
  /** Problems of this entry alone, in Consul's words and order; `path` says where. Given a normalized entry. */
  validate(entry: T): Problem[];
  references(entry: T): ServiceRef[];
  /** What Consul's command line warns of once the entry is written. */
  warnings?(entry: T): string[];
  /** The only name that an entry of this kind can have, written or not. */
  readonly fixedName?: string;
  /** Made by the agent itself: why nobody else may write it. */
  readonly readOnly?: string;
}
