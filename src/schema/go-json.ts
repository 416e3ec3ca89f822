import { parseDuration } from '../base/duration.ts';
import { decodeBase64 } from '../base/go-base64.ts';
import { isZero } from './go-zero.ts';
import { type Located, type LocatedMap, toJson } from './located.ts';
import { type Decoded, defaultOf, type Field, type Schema } from './schema.ts';
import { isEmptyTenancy } from './tenancy.ts';

export interface GoJsonOptions {
  /** Keys that are no field: an error (Go's DisallowUnknownFields, the default), or left out. */
  readonly unknown?: 'refuse' | 'ignore';
}

/** Either the value, or what Go would say. */
export type GoJsonResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/**
 * Decodes as Go's encoding/json: keys in any case, exact types, the first problem in the order of the text. Null changes
 * nothing. A field that is required in the schema and is not there gets its default, or Go's zero value. Durations are
 * strings or nanoseconds, and what is neither is ignored, as Consul's own decoders do.
 */
export function decodeGoJson<S extends Schema>(located: Located, schema: S, options: GoJsonOptions = {}): GoJsonResult<Decoded<S>> {
  try {
    const decoder = new GoDecoder(options.unknown ?? 'refuse');
    return { ok: true, value: (decoder.value(located, schema, undefined) ?? zeroOf(schema)) as Decoded<S> };
  } catch (stop) {
    if (stop instanceof GoError) return { ok: false, error: stop.message };
    throw stop;
  }
}

/** Leaves the recursion; never seen outside of this file. */
class GoError extends Error {}

/** The struct being filled and the fields that lead there, as Go names them in errors. */
interface Place {
  readonly struct: string;
  readonly fields: readonly string[];
  /** Inside of a struct with its own UnmarshalJSON: Go knows only the field that holds it. */
  readonly frozen: boolean;
}

class GoDecoder {
  readonly #unknown: 'refuse' | 'ignore';

  constructor(unknown: 'refuse' | 'ignore') {
    this.#unknown = unknown;
  }

  /** Undefined for null. */
  value(given: Located, schema: Schema, at: Place | undefined): unknown {
    if (given.type === 'null') return undefined;
    switch (schema.kind) {
      case 'any':
        return toJson(given);
      case 'string':
        if (schema.go === 'uint64') return digits(given, schema, at);
        if (given.type !== 'string') return mismatch(given, schema, at);
        return schema.go === BYTES ? bytes(given.value) : given.value.replace(LONE_SURROGATES, '\uFFFD');
      case 'int':
        if (given.type !== 'number') return mismatch(given, schema, at);
        return fits(given.value, schema.go ?? 'int', given.raw)
          ? Number(given.value)
          : mismatch(given, schema, at, ` ${given.raw ?? String(given.value)}`);
      case 'float':
        return given.type === 'number' ? Number(given.value) : mismatch(given, schema, at);
      case 'bool':
        return given.type === 'bool' ? given.value : mismatch(given, schema, at);
      case 'duration':
        return duration(given);
      case 'list':
        if (given.type !== 'list') return mismatch(given, schema, at);
        return given.items.map((item) => this.value(item, schema.item, at) ?? zeroOf(schema.item));
      case 'map':
        return given.type === 'map' ? this.#map(given, schema.value, at) : mismatch(given, schema, at);
      case 'object':
        return given.type === 'map' ? this.#object(given, schema, at) : mismatch(given, schema, at);
    }
  }

  #map(given: LocatedMap, schema: Schema, at: Place | undefined): object {
    const result = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of given.entries) result[key] = this.value(value, schema, at) ?? zeroOf(schema);
    return result;
  }

  #object(given: LocatedMap, schema: Schema & { kind: 'object' }, outer: Place | undefined): object {
    const { fields, struct } = schema;
    const inside = enter(outer, typeName(schema), struct?.unmarshals ?? false);
    const result: Record<string, unknown> = {};
    const aliased: [string, unknown][] = [];
    for (const { key, value } of given.entries) {
      const name = spelled(key, fields);
      const alias = name === undefined && struct ? spelled(key, struct.aliases) : undefined;
      const target = name ?? (alias === undefined ? undefined : struct?.aliases[alias]);
      if (target === undefined) {
        if (this.#unknown === 'ignore' || isEmptyTenancy(key, value)) continue;
        throw new GoError(`json: unknown field ${JSON.stringify(key)}`);
      }
      const decoded = this.value(value, fields[target]!.schema, field(inside, name ?? alias!));
      if (decoded === undefined) continue;
      if (name === undefined) aliased.push([target, decoded]);
      else result[target] = decoded;
    }
    // Consul: the proper spelling wins.
    for (const [target, decoded] of aliased) if (isZero(result[target])) result[target] = decoded;
    return complete(result, fields);
  }
}

const enter = (outer: Place | undefined, type: string, unmarshals: boolean): Place => {
  if (outer?.frozen) return outer;
  if (outer && unmarshals) return { ...outer, frozen: true };
  return { struct: type.includes(' ') ? '' : type.slice(type.lastIndexOf('.') + 1), fields: outer?.fields ?? [], frozen: false };
};

const field = (place: Place, name: string): Place => (place.frozen ? place : { ...place, fields: [...place.fields, name] });

/** A key's own spelling first, then any case. */
function spelled(key: string, names: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.hasOwn(names, key)) return key;
  const wanted = key.toLowerCase();
  return Object.keys(names).find((name) => name.toLowerCase() === wanted);
}

function complete(result: Record<string, unknown>, fields: Readonly<Record<string, Field>>): object {
  for (const name of Object.keys(fields)) {
    if (result[name] !== undefined) continue;
    const field = fields[name]!;
    if (field.default !== undefined) result[name] = defaultOf(field);
    else if (field.required) result[name] = zeroOf(field.schema);
  }
  return result;
}

function zeroOf(schema: Schema): unknown {
  switch (schema.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'any':
      return null;
    case 'list':
      return [];
    case 'map':
      return Object.create(null);
    case 'object':
      return complete({}, schema.fields);
    case 'int':
    case 'float':
    case 'duration':
      return 0;
  }
}

const BYTES = '[]uint8';
const LONE_SURROGATES = /\p{Surrogate}/gu;

function bytes(text: string): string {
  const { error, value } = decodeBase64(text);
  if (error !== undefined) throw new GoError(error);
  return value.toString('base64');
}

function duration(given: Located): number | undefined {
  if (given.type === 'number') return Math.trunc(Number(given.value));
  if (given.type !== 'string') return undefined;
  const parsed = parseDuration(given.value);
  if (!parsed.ok) throw new GoError(parsed.error);
  return parsed.ns;
}

function fits(value: number | bigint, type: string, raw: string | undefined): boolean {
  if (typeof value === 'number' && (!Number.isInteger(value) || (raw !== undefined && /[.eE]/.test(raw)))) return false;
  const size = /^(u?)int(8|16|32|64)?$/.exec(type);
  const unsigned = size?.[1] === 'u';
  const bits = BigInt(size?.[2] ?? 64);
  const exact = BigInt(value);
  return unsigned ? exact >= 0n && exact < 1n << bits : exact >= -(1n << (bits - 1n)) && exact < 1n << (bits - 1n);
}

function digits(given: Located, schema: Schema, at: Place | undefined): string {
  if (given.type !== 'number') return mismatch(given, schema, at);
  const raw = given.raw ?? String(given.value);
  return fits(given.value, 'uint64', raw) ? String(given.value) : mismatch(given, schema, at, ` ${raw}`);
}

const GO_VALUES = { bool: 'bool', number: 'number', string: 'string', list: 'array', map: 'object', null: 'null', unknown: 'null' };

function mismatch(given: Located, schema: Schema, at: Place | undefined, more = ''): never {
  const target = at && at.fields.length > 0 ? `struct field ${at.struct}.${at.fields.join('.')}` : 'value';
  throw new GoError(`json: cannot unmarshal ${GO_VALUES[given.type]}${more} into Go ${target} of type ${typeName(schema)}`);
}

/** As reflect prints it. */
function typeName(schema: Schema): string {
  if (schema.go !== undefined) return schema.go;
  switch (schema.kind) {
    case 'float':
      return 'float64';
    case 'list':
      return `[]${typeName(schema.item)}`;
    case 'map':
      return `map[string]${typeName(schema.value)}`;
    case 'object':
      return 'struct {}';
    case 'any':
    case 'duration':
      return 'interface {}';
    case 'string':
    case 'int':
    case 'bool':
      return schema.kind;
  }
}
