import { type Field, optional, type Schema } from '../schema/schema.ts';

/** Optional fields of one type, whose names say what they are. */
export function fields<T, const N extends string>(schema: Schema<T>, names: readonly N[]): Record<N, Field<Schema<T>, false>> {
  return Object.fromEntries(names.map((name) => [name, optional(schema, `Consul's \`${name}\`.`)])) as Record<N, Field<Schema<T>, false>>;
}
