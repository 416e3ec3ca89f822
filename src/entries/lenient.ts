import { parseDuration } from '../base/duration.ts';
import { parseGoBool, parseGoFloat, parseGoInt } from '../base/go-parse.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { adviseValue } from '../schema/advice.ts';
import { groupByKey, type Json, type Located, type LocatedEntry, type LocatedMap, toJson } from '../schema/located.ts';
import type { Field, Schema } from '../schema/schema.ts';
import { isEmptyTenancy } from '../schema/tenancy.ts';
import { goKind, goPrint, goType } from './go-value.ts';
import { fieldNamed, snakeCase } from './key-names.ts';
import { type Problem, problem } from './problem.ts';

/**
 * Consul's decoding (mapstructure, weakly typed, with its hooks): a list of one stands for its element, one object for a list
 * of one, strings for numbers and so on. All problems are collected, in Consul's words, with the place and the path.
 */
export class LenientDecoder {
  readonly problems: Problem[] = [];
  /** Where the value at a path stands, so that later checks can point at it. */
  readonly ranges = new Map<string, Range>();
  readonly #unknownKey: (path: string) => string;
  readonly #strict: boolean;

  /**
   * `unknownKey`: the text for a key that is no field; config entries and agent configuration differ. `strict`: a scalar of
   * another type than the field's is not converted, as in the configuration of agents.
   */
  constructor(unknownKey: (path: string) => string = (path) => `invalid config key ${JSON.stringify(path)}`, { strict = false } = {}) {
    this.#unknownKey = unknownKey;
    this.#strict = strict;
  }

  /** Undefined for null, and for what can't be decoded (then there is a problem). */
  value(given: Located, schema: Schema, path: string): unknown {
    if (given.range && !this.ranges.has(path)) this.ranges.set(path, given.range);
    if (schema.kind === 'list') return this.#list(given, schema.item, path);
    if (schema.kind === 'any') return opaque(given);
    const value = given.type === 'list' && given.items.length === 1 ? given.items[0]! : given;
    if (value.type === 'null') return undefined;
    const exact = this.#strict ? EXACT[schema.kind] : undefined;
    if (exact !== undefined && exact.type !== value.type) return this.#unconvertible(value, path, exact.go);
    switch (schema.kind) {
      case 'string':
        return this.#string(value, path);
      case 'int':
        return this.#number(value, path, 'int', parseGoInt);
      case 'float':
        return this.#number(value, path, 'float', parseGoFloat);
      case 'bool':
        return this.#bool(value, path);
      case 'duration':
        return this.#duration(value, path);
      case 'map':
        return this.#map(value, schema.value, path);
      case 'object':
        if (value.type !== 'map') return this.#wrong(value, path, `'${path}' expected a map, got '${goKind(value)}'`);
        return this.object(value, schema.fields, path);
    }
  }

  object(given: LocatedMap, fields: Readonly<Record<string, Field>>, path: string): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, entries] of groupByKey(given.entries)) {
      const first = entries[0]!;
      const named = fieldNamed(key, Object.keys(fields));
      if (named && !Object.hasOwn(result, named)) {
        const at = joinPath(path, named);
        const place = first.block || first.value.type === 'map' ? first.keyRange : (first.value.range ?? first.keyRange);
        if (place) this.ranges.set(at, place);
        result[named] = this.value(combine(entries), fields[named]!.schema, at);
      } else if (named) {
        // Consul folds the snake_case spelling into a lower-case one first, and names that.
        const folded = given.entries.some((other) => other.key.toLowerCase() === snakeCase(named));
        const spelling = folded ? named.toLowerCase() : key;
        this.#badKey(joinPath(path, spelling), first, { detail: 'the same field is given twice, in two spellings' });
      } else if (!isEmptyTenancy(key, first.value)) this.#badKey(joinPath(path, key), first, suggestion(key, Object.keys(fields)));
    }
    for (const [name, value] of Object.entries(result)) if (value === undefined) delete result[name];
    return result;
  }

  #badKey(path: string, entry: LocatedEntry, advice: { detail?: string; hint?: string }): void {
    this.problems.push(problem('listed', path, this.#unknownKey(path), { at: entry.keyRange ?? entry.value.range, ...advice }));
  }

  #string(value: Located, path: string): unknown {
    if (value.type === 'string') return value.value;
    if (value.type === 'bool') return value.value ? '1' : '0';
    if (value.type === 'number') return String(value.value);
    return this.#unconvertible(value, path, 'string');
  }

  #number(value: Located, path: string, type: 'int' | 'float', parse: (text: string) => number | undefined): unknown {
    if (value.type === 'number') return type === 'int' ? Math.trunc(Number(value.value)) : Number(value.value);
    if (value.type === 'bool') return value.value ? 1 : 0;
    if (value.type !== 'string') return this.#unconvertible(value, path, type === 'int' ? 'int' : 'float32');
    const go = type === 'int' ? 'ParseInt' : 'ParseFloat';
    return parse(value.value) ?? this.#wrong(value, path, `cannot parse '${path}' as ${type}: ${syntaxError(go, value.value)}`);
  }

  #bool(value: Located, path: string): unknown {
    if (value.type === 'bool') return value.value;
    if (value.type === 'number') return Number(value.value) !== 0;
    if (value.type !== 'string') return this.#unconvertible(value, path, 'bool');
    return parseGoBool(value.value) ?? this.#wrong(value, path, `cannot parse '${path}' as bool: ${syntaxError('ParseBool', value.value)}`);
  }

  /** A string of Go's syntax, or a number of nanoseconds. */
  #duration(value: Located, path: string): unknown {
    if (value.type === 'number') return Math.trunc(Number(value.value));
    if (value.type !== 'string') return this.#unconvertible(value, path, 'time.Duration');
    const parsed = parseDuration(value.value);
    return parsed.ok
      ? parsed.ns
      : this.#wrong(value, path, `error decoding '${path}': ${parsed.error}`, adviseValue(value, { kind: 'duration' }));
  }

  #list(given: Located, item: Schema, path: string): unknown {
    if (given.type === 'null') return undefined;
    const items = given.type === 'list' ? given.items : given.type === 'map' && given.entries.length === 0 ? [] : [given];
    return items.map((value, i) => this.value(value, item, `${path}[${i}]`)).filter((value) => value !== undefined);
  }

  /** A list of maps is their union: repeated labelled blocks. */
  #map(value: Located, schema: Schema, path: string): unknown {
    const maps = value.type === 'list' ? value.items : [value];
    const result = Object.create(null) as Record<string, unknown>;
    for (const map of maps) {
      if (map.type !== 'map') return this.#wrong(value, path, `'${path}' expected a map, got '${goKind(map)}'`);
      for (const [key, entries] of groupByKey(map.entries)) {
        const at = `${path}[${key}]`;
        const place = entries[0]!.keyRange;
        if (place) this.ranges.set(at, place);
        const decoded = this.value(combine(entries), schema, at);
        if (decoded !== undefined) result[key] = decoded;
      }
    }
    return result;
  }

  #unconvertible(value: Located, path: string, type: string): undefined {
    return this.#wrong(
      value,
      path,
      `'${path}' expected type '${type}', got unconvertible type '${goType(value)}', value: '${goPrint(value)}'`,
    );
  }

  #wrong(value: Located, path: string, summary: string, hint?: string): undefined {
    const more = hint === undefined ? {} : { hint };
    this.problems.push(problem('decode', path, summary, { at: value.range ?? this.ranges.get(path), ...more }));
    return undefined;
  }
}

/** The type that a value has to have if nothing is converted, and what Go calls the field. */
const EXACT: Readonly<Partial<Record<Schema['kind'], { type: Located['type']; go: string }>>> = {
  string: { type: 'string', go: 'string' },
  int: { type: 'number', go: 'int' },
  float: { type: 'number', go: 'float64' },
  bool: { type: 'bool', go: 'bool' },
};

const syntaxError = (go: string, text: string): string => `strconv.${go}: parsing ${JSON.stringify(text)}: invalid syntax`;

/** The nearest field, spelled the way the user spells; all of them when none is near. */
function suggestion(key: string, known: readonly string[]): { detail?: string; hint?: string } {
  const spelled = /^[a-z0-9_]+$/.test(key) ? known.map(snakeCase) : known;
  const near = didYouMean(key, spelled);
  if (near.hint === undefined && spelled.length === 0) return {};
  return near.hint === undefined ? { detail: `known here: ${spelled.join(', ')}` } : near;
}

/**
 * Values of an opaque map such as `Config`, kept as they are but for Consul's quirk: a list of one becomes its element,
 * as deep as maps and such lists go.
 */
function opaque(given: Located): Json {
  if (given.type === 'list' && given.items.length === 1) return opaque(given.items[0]!);
  if (given.type !== 'map') return toJson(given);
  const result = Object.create(null) as { [key: string]: Json };
  for (const [key, entries] of groupByKey(given.entries)) result[key] = opaque(combine(entries));
  return result;
}

/** What HCL1 makes of a repeated key: objects and lists add up, of scalars the last one stays. */
function combine(entries: readonly LocatedEntry[]): Located {
  const last = entries.at(-1)!.value;
  if (entries.length === 1 || (last.type !== 'map' && last.type !== 'list')) return last;
  const items = entries.flatMap(({ value }) => (value.type === 'list' ? value.items : [value]));
  const range = entries[0]!.value.range;
  return { type: 'list', items, ...(range ? { range } : {}) };
}

export const joinPath = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
