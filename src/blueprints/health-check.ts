import { any, type Field, optional, type Schema } from '../schema/schema.ts';

/** Shipyard has one form of `health_check` for all types, and looks at a part of it in each: the rest, as for Shipyard, means nothing. */
export function ignoredChecks<const N extends string>(...names: N[]): Record<N, Field<Schema<unknown>, false>> {
  const rows = names.map((name) => [name, optional(any(), 'Accepted; Shipyard does not look at it here either.')] as const);
  return Object.fromEntries(rows) as Record<N, Field<Schema<unknown>, false>>;
}
