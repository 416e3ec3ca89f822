import { type Diagnostic, errorAt, type Severity } from '../base/diagnostic.ts';
import { parseDuration } from '../base/duration.ts';
import type { Range } from '../base/source.ts';
import { didYouMean, nearest } from '../base/suggest.ts';
import { adviseForm, adviseValue, written } from './advice.ts';
import { describeType, groupByKey, hasUnknown, type Located, type LocatedEntry, type LocatedMap, toJson } from './located.ts';
import { type Decoded, defaultOf, type Field, type Schema } from './schema.ts';

export interface DecodeResult<T> {
  /** Complete only if there is no error among the diagnostics. */
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  /** A part of it is not known yet: it fits, and is undefined in `value`. */
  readonly unknown: boolean;
}

export interface DecodeOptions {
  /** What the outermost value is called in messages: `container "web"`. */
  readonly subject?: string;
  /** Range that a missing required field points at: the block's header. */
  readonly header?: Range;
  /** How an unknown key is reported; blueprints fail (default), Kubernetes manifests warn, unless it stands for a required one. */
  readonly unknownKeys?: 'error' | 'warning';
  /** Part of the value could not be read, which is reported already: nothing is called missing. */
  readonly incomplete?: boolean;
  /** How the text is written, as hints show it: with blocks (default), or without. */
  readonly notation?: 'hcl' | 'yaml';
  /** Keys that may stand at the outermost level too and were taken out before: for hints. */
  readonly takenOut?: readonly string[];
}

/**
 * Decodes with exact names and HCL2's conversions (number and bool to string and back where unambiguous), reporting every
 * problem with its place. Consul's own, more lenient decoding is `entries/decode.ts`.
 */
export function decode<S extends Schema>(located: Located, schema: S, options: DecodeOptions = {}): DecodeResult<Decoded<S>> {
  const decoder = new Decoder(options);
  const value = decoder.value(located, schema, '') as Decoded<S>;
  return { value, diagnostics: decoder.diagnostics, unknown: decoder.unknown };
}

class Decoder {
  readonly diagnostics: Diagnostic[] = [];
  unknown = false;
  readonly #options: DecodeOptions;

  constructor(options: DecodeOptions) {
    this.#options = options;
  }

  value(located: Located, schema: Schema, path: string): unknown {
    if (located.type === 'unknown') {
      this.unknown = true;
      return undefined;
    }
    switch (schema.kind) {
      case 'any':
        if (hasUnknown(located)) this.unknown = true;
        return toJson(located);
      case 'string':
        return this.#string(located, schema.oneOf, path);
      case 'int':
      case 'float':
        return this.#number(located, schema, path);
      case 'bool':
        if (located.type === 'bool') return located.value;
        if (located.type === 'string' && (located.value === 'true' || located.value === 'false')) return located.value === 'true';
        return this.#mismatch(located, 'true or false', path, schema);
      case 'duration':
        return this.#duration(located, path);
      case 'list':
        if (located.type !== 'list') return this.#mismatch(located, 'a list', path);
        return located.items.map((item, i) => this.value(item, schema.item, `${path}[${i}]`));
      case 'map':
        if (located.type !== 'map') return this.#mismatch(located, 'an object', path);
        return this.#map(located, schema.value, path);
      case 'object':
        if (located.type !== 'map') return this.#mismatch(located, 'an object', path);
        return this.#object(located, schema, path);
    }
  }

  #string(located: Located, allowed: readonly string[] | undefined, path: string): unknown {
    let text: string;
    if (located.type === 'string') text = located.value;
    else if (located.type === 'number') text = located.raw ?? String(located.value);
    else if (located.type === 'bool') text = String(located.value);
    else return this.#mismatch(located, 'a string', path);
    if (allowed && !allowed.includes(text)) {
      this.#error(located.range, `${quote(path)} can't be ${JSON.stringify(text)}`, {
        detail: `expected one of: ${allowed.join(', ')}`,
        ...didYouMean(text, allowed),
        path,
      });
    }
    return text;
  }

  #number(located: Located, schema: Schema & { kind: 'int' | 'float' }, path: string): unknown {
    let value: number;
    if (located.type === 'number') value = Number(located.value);
    else if (located.type === 'string' && located.value.trim() !== '' && Number.isFinite(Number(located.value)))
      value = Number(located.value);
    else return this.#mismatch(located, schema.kind === 'int' ? 'a whole number' : 'a number', path, schema);
    if (schema.kind === 'int' && !Number.isInteger(value)) return this.#mismatch(located, 'a whole number', path);
    const { min, max } = schema.kind === 'int' ? schema : {};
    if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
      const bounds = max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `from ${min} to ${max}`;
      this.#error(located.range, `${quote(path)} is ${value}, which is out of range`, { detail: `expected ${bounds}`, path });
    }
    return value;
  }

  #duration(located: Located, path: string): unknown {
    if (located.type !== 'string') return this.#mismatch(located, 'a duration such as "30s"', path, DURATION);
    const parsed = parseDuration(located.value);
    if (parsed.ok) return parsed.ns;
    this.#error(located.range, `${quote(path)} is not a duration: ${JSON.stringify(located.value)}`, {
      detail: 'expected a number with a unit: "300ms", "30s", "1h30m"',
      ...hinted(adviseValue(located, DURATION)),
      path,
    });
    return 0;
  }

  #map(located: LocatedMap, schema: Schema, path: string): Record<string, unknown> {
    const result = Object.create(null) as Record<string, unknown>;
    for (const entry of located.entries) result[entry.key] = this.value(entry.value, schema, join(path, entry.key));
    return result;
  }

  #object(located: LocatedMap, { fields, open }: Schema & { kind: 'object' }, path: string): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    /** Given, though perhaps not decodable: that is reported, and not as missing. */
    const given = new Set<string>();
    /** Something stands in the place of what is missing. */
    let isIncomplete = this.#options.incomplete ?? false;
    const groups = groupByKey(located.entries);
    for (const [name, group] of groups) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const at = join(path, name);
      if (!field && open) {
        if (group.some(({ value }) => hasUnknown(value))) this.unknown = true;
      } else if (!field) {
        const known = Object.keys(fields).filter((key) => fields[key]!.refused === undefined);
        const meant = nearest(name, known);
        // What can't be left out can't be mistyped either.
        const isNeeded = meant !== undefined && isRequired(fields[meant]!) && !groups.has(meant);
        const severity = isNeeded ? 'error' : (this.#options.unknownKeys ?? 'error');
        this.#unknownKey(group[0]!, known, path, severity, meant === undefined ? undefined : fields[meant]!.schema);
        // A mistyped name is one mistake, not also a missing field.
        if (meant !== undefined && severity === 'error') given.add(meant);
      } else if (field.refused !== undefined) {
        this.#error(group[0]!.keyRange, `${quote(at)} can't be used here`, { detail: field.refused, path: at });
        isIncomplete = true;
      } else if (this.#misformed(group, field.schema, at)) {
        given.add(name);
      } else if (field.schema.kind === 'list') result[name] = this.#repeated(group, field.schema, at);
      else {
        for (const extra of group.slice(1)) {
          const first = group[0]!.keyRange;
          this.#error(extra.keyRange, `${quote(at)} is given more than once`, {
            ...(first ? { related: { range: first, message: 'first given here' } } : {}),
            path: at,
          });
        }
        const located = group[0]!.value;
        if (located.type === 'null') {
          if (isRequired(field) && located.range) {
            this.#error(located.range, `${quote(at)} can't be null`, { detail: field.doc, path: at });
            given.add(name);
          }
          continue;
        }
        given.add(name);
        result[name] = this.value(located, field.schema, at);
      }
    }
    for (const [name, field] of Object.entries(fields)) {
      if (given.has(name) || result[name] !== undefined) continue;
      if (field.default !== undefined) result[name] = defaultOf(field);
      else if (isRequired(field) && !isIncomplete) {
        const owner = path === '' ? (this.#options.subject ?? 'this block') : quote(path);
        this.#error(path === '' ? (this.#options.header ?? located.range) : located.range, `${owner} needs ${quote(name)}`, {
          detail: field.doc,
          path: join(path, name),
        });
      }
    }
    return result;
  }

  /** In HCL: an attribute in the place of a block, or the reverse. */
  #misformed(group: readonly LocatedEntry[], schema: Schema, path: string): boolean {
    if (this.#options.notation === 'yaml') return false;
    for (const entry of group) {
      const advice = adviseForm(entry, schema);
      if (!advice) continue;
      const range = advice.atName ? entry.keyRange : entry.value.range;
      this.#error(range, `${quote(path)} ${advice.problem}`, { ...hinted(advice.hint), path });
      return true;
    }
    return false;
  }

  /** A list field takes one list attribute, or any number of blocks. */
  #repeated(group: readonly LocatedEntry[], schema: Schema & { kind: 'list' }, path: string): unknown[] {
    const attribute = group.find((entry) => !entry.block);
    if (attribute && group.length > 1) {
      this.#error(group.find((entry) => entry !== attribute)!.keyRange, `${quote(path)} is given more than once`, { path });
    }
    if (attribute) {
      const value = attribute.value;
      return value.type === 'null' ? [] : ((this.value(value, schema, path) as unknown[] | undefined) ?? []);
    }
    return group.map((entry, i) => this.value(entry.value, schema.item, `${path}[${i}]`));
  }

  #unknownKey(entry: LocatedEntry, fields: string[], path: string, severity: Severity, meant: Schema | undefined): void {
    const known = path === '' ? [...fields, ...(this.#options.takenOut ?? [])] : fields;
    const owner = path === '' ? (this.#options.subject ?? 'here') : quote(path);
    const what = entry.block ? 'block' : 'attribute';
    const diagnostic = errorAt(entry.keyRange, `unknown ${what} ${JSON.stringify(entry.key)} in ${owner}`, {
      ...didYouMean(entry.key, known),
      path: join(path, entry.key),
    });
    const near = nearest(entry.key, known);
    // `ports = […]`: the name is not all that is wrong.
    const form = meant?.kind === 'list' ? meant.item : meant;
    const isBlock = form?.kind === 'object' && this.#options.notation !== 'yaml';
    const asBlock = near !== undefined && isBlock ? adviseForm({ ...entry, key: near }, meant!)?.hint : undefined;
    if (asBlock) {
      this.diagnostics.push({ ...diagnostic, hint: `${diagnostic.hint} ${asBlock}`, severity });
      return;
    }
    const hint = diagnostic.hint ?? `known here: ${known.join(', ')}`;
    this.diagnostics.push({ ...diagnostic, hint, severity });
  }

  #mismatch(located: Located, expected: string, path: string, schema?: Schema): undefined {
    const what = path === '' ? (this.#options.subject ?? 'the value') : quote(path);
    const found = located.type === 'string' && schema && written(located) ? JSON.stringify(located.value) : describeType(located);
    this.#error(located.range, `${what} must be ${expected}, not ${found}`, { ...hinted(schema && adviseValue(located, schema)), path });
    return undefined;
  }

  #error(range: Range | undefined, summary: string, more: Partial<Diagnostic>): void {
    this.diagnostics.push(errorAt(range ?? this.#options.header, summary, more));
  }
}

const DURATION: Schema = { kind: 'duration' };

const hinted = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });
const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const quote = (name: string): string => JSON.stringify(name);
const isRequired = (field: Field): boolean => field.required && field.default === undefined;
