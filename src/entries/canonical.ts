import { formatDuration } from '../base/duration.ts';
import { isZero } from '../schema/go-zero.ts';
import type { Json } from '../schema/located.ts';
import { defaultOf, type Field, type Schema } from '../schema/schema.ts';
import type { EntryBase } from './kind.ts';

/** An entry in canonical form: Kind and Name, the fields of its schema, then Meta. */
export function canonicalEntry<T extends EntryBase>(entry: T, schema: Schema): T {
  const pairs = mapValues(entry.Meta ?? {}, (value) => value);
  const meta = Object.keys(pairs).length === 0 ? {} : { Meta: pairs };
  return { Kind: entry.Kind, Name: entry.Name, ...canonicalFields(entry, fieldsOf(schema)), ...meta } as T;
}

/** The fields of an object's schema. */
export function fieldsOf(schema: Schema): Readonly<Record<string, Field>> {
  return schema.kind === 'object' ? schema.fields : {};
}

/**
 * The canonical form of a decoded value: fields in the order of the schema, defaults filled, and what is empty left out, as
 * Go's `omitempty` does. Fields that are not optional always stand (`"MeshGateway": {}`).
 */
export function canonicalFields(given: object, fields: Readonly<Record<string, Field>>): Record<string, unknown> {
  const from = given as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = from[name] ?? defaultOf(field);
    if (value === undefined) continue;
    const canonical = canonicalValue(value, field.schema);
    const keep = field.required || 'keepsZero' in field || field.schema.kind === 'object' || !isZero(canonical);
    if (keep) result[name] = canonical;
  }
  return result;
}

function canonicalValue(value: unknown, schema: Schema): unknown {
  if (schema.kind === 'object') return canonicalFields(value as object, schema.fields);
  if (schema.kind === 'list') return (value as unknown[]).map((item) => canonicalValue(item, schema.item));
  if (schema.kind === 'map') return mapValues(value as Record<string, unknown>, (item) => canonicalValue(item, schema.value));
  return value;
}

/** Fields of a canonical value as Consul prints them: durations as Go strings. */
export function fieldsToJson(given: object, fields: Readonly<Record<string, Field>>): Record<string, Json> {
  const from = given as Readonly<Record<string, unknown>>;
  const result: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (from[name] !== undefined) result[name] = valueToJson(from[name], field.schema);
    else if ('printsNull' in field) result[name] = null;
  }
  return result;
}

function valueToJson(value: unknown, schema: Schema): Json {
  if (schema.kind === 'duration' && !schema.integer) return formatDuration(value as number);
  if (schema.kind === 'object') return fieldsToJson(value as object, schema.fields);
  if (schema.kind === 'list') return (value as unknown[]).map((item) => valueToJson(item, schema.item));
  if (schema.kind === 'map') return mapValues(value as Record<string, unknown>, (item) => valueToJson(item, schema.value));
  return value as Json;
}

/** Keys in order, as Go prints maps. */
function mapValues<T>(from: Readonly<Record<string, unknown>>, change: (value: unknown) => T): { [key: string]: T } {
  const result = Object.create(null) as { [key: string]: T };
  for (const key of Object.keys(from).sort()) result[key] = change(from[key]);
  return result;
}
