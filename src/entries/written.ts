import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../schema/located.ts';
import { defaultOf, type Field, type Schema } from '../schema/schema.ts';
import { canonicalFields, fieldsOf } from './canonical.ts';
import { entryToJson } from './json.ts';
import type { EntryBase } from './kind.ts';
import { entryKind } from './table.ts';

/** What normalizing computes, whatever was written there. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = { 'service-intentions': ['Precedence'] };

/** A normalized entry as somebody would write it by hand: without what is computed, or is there by default. */
export function writtenForm({ Kind, Name, Meta, ...fields }: EntryBase): Record<string, Json> {
  const schema = entryKind(Kind)?.schema;
  const kept = schema ? withoutDefaults(fields, fieldsOf(schema), COMPUTED[Kind] ?? []) : fields;
  const { CreateIndex: _, ModifyIndex: __, ...json } = entryToJson({ Kind, Name, ...kept, ...(Meta ? { Meta } : {}) });
  return json;
}

function withoutDefaults(given: object, fields: Readonly<Record<string, Field>>, computed: readonly string[]): Record<string, unknown> {
  const from = given as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = from[name];
    if (value === undefined || computed.includes(name) || isDefault(value, field)) continue;
    result[name] = inside(value, field.schema, computed);
  }
  return result;
}

function isDefault(value: unknown, field: Field): boolean {
  const normal = defaultOf(field);
  if (normal === undefined) return false;
  return isDeepStrictEqual(value, field.schema.kind === 'object' ? canonicalFields(normal as object, field.schema.fields) : normal);
}

function inside(value: unknown, schema: Schema, computed: readonly string[]): unknown {
  if (schema.kind === 'object') return withoutDefaults(value as object, schema.fields, computed);
  if (schema.kind === 'list') return (value as unknown[]).map((item) => inside(item, schema.item, computed));
  if (schema.kind !== 'map') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, inside(item, schema.value, computed)]));
}
