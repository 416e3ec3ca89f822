import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Located, LocatedEntry } from '../schema/located.ts';
import { any, int, map, type Schema, string } from '../schema/schema.ts';
import { fieldsOf } from './canonical.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { LenientDecoder } from './lenient.ts';
import { type Problem, problem } from './problem.ts';
import { allKindNames, entryKind, kindError } from './table.ts';

export interface DecodedEntry {
  /** As written: not normalized, not validated. Undefined when the kind is not known, or something has the wrong type. */
  readonly entry: EntryBase | undefined;
  /** Of the decoding alone. */
  readonly problems: readonly Problem[];
  /** Where the value at a path stands: `Sources[0].Action`. */
  readonly ranges: ReadonlyMap<string, Range>;
}

/** Decodes a config entry, from Consul's HCL or from the JSON of a request, as leniently as Consul does. */
export function decodeEntry(payload: Located): DecodedEntry {
  const failed = (summary: string, at: Range | undefined, hint: { hint?: string } = {}): DecodedEntry => ({
    entry: undefined,
    problems: [problem('alone', 'Kind', summary, { at, ...hint })],
    ranges: new Map(),
  });
  const given = kindOf(payload);
  if (!given) {
    const { at, hint } = withoutKind(payload);
    return failed('Payload does not contain a kind/Kind key at the top level', at, { hint });
  }
  if (given.value.type !== 'string') return failed('Kind value in payload is not a string', given.value.range);
  const name = given.value.value;
  const kind = entryKind(name);
  if (!kind) return failed(kindError(name)!, given.value.range, didYouMean(name, allKindNames()));
  return decodeFields(payload, kind);
}

/** Blocks that no entry has: what is written is a blueprint. */
const OF_BLUEPRINTS = ['container', 'ingress', 'k8s_cluster', 'module', 'network', 'resource', 'sidecar', 'variable'];

function withoutKind(payload: Located): { at: Range | undefined; hint: string } {
  const entries = payload.type === 'map' ? payload.entries : [];
  const other = entries.find(({ key }) => key.toLowerCase() === 'kind');
  if (other) return { at: other.keyRange ?? payload.range, hint: 'write Kind: it is found in this spelling only, or as kind' };
  const isBlueprint = entries.length > 0 && entries.every(({ key }) => OF_BLUEPRINTS.includes(key));
  return { at: payload.range, hint: isBlueprint ? 'this is a blueprint: mesh run' : 'add Kind = "service-defaults"' };
}

function decodeFields(payload: Located, kind: EntryKind): DecodedEntry {
  const decoder = new LenientDecoder(unknownKeyText);
  const fields = { ...COMMON, ...fieldsOf(kind.schema) };
  const raw = payload.type === 'map' ? decoder.object(payload, fields, '') : {};
  const { Kind: _, Name: name, CreateIndex: __, ModifyIndex: ___, Hash: ____, ...rest } = raw;
  const ok = decoder.problems.length === 0;
  const entry = { Kind: kind.kind, Name: kind.fixedName ?? (typeof name === 'string' ? name : ''), ...rest };
  return { entry: ok ? entry : undefined, problems: decoder.problems, ranges: decoder.ranges };
}

/** Fields that every kind has, and those that a read answers and a write may repeat. */
const COMMON = Object.fromEntries(
  Object.entries<Schema>({
    Kind: string(),
    Name: string(),
    Meta: map(string()),
    CreateIndex: int(),
    ModifyIndex: int(),
    Hash: any(),
  }).map(([name, schema]) => [name, { schema, required: false, doc: '' }]),
);

/** Consul finds the kind under exactly these two spellings, other keys in any case. */
function kindOf(payload: Located): LocatedEntry | undefined {
  if (payload.type !== 'map') return undefined;
  return payload.entries.findLast((entry) => entry.key === 'Kind') ?? payload.entries.findLast((entry) => entry.key === 'kind');
}

function unknownKeyText(path: string): string {
  const text = `invalid config key ${JSON.stringify(path)}`;
  if (/namespace$/i.test(path)) return `${text}, namespaces are a consul enterprise feature`;
  return /jwt$/i.test(path) ? `${text}, api-gateway jwt validation is a consul enterprise feature` : text;
}

export interface PreparedEntry {
  /** Normalized and valid: ready for the catalog. Undefined when there is an error among the problems. */
  readonly entry: EntryBase | undefined;
  readonly problems: readonly Problem[];
  /** As written; empty where it is not known. */
  readonly kind: string;
  /** Which step found them: Consul answers 400 to what it can't decode, 500 to what it finds invalid. */
  readonly failed: 'decode' | 'validate' | undefined;
}

/** Decodes, normalizes and validates; every problem carries its place where the text is known. */
export function prepareEntry(payload: Located): PreparedEntry {
  const { entry, problems, ranges } = decodeEntry(payload);
  const kind = entry && entryKind(entry.Kind);
  if (!entry || !kind) return { entry: undefined, problems, kind: entry?.Kind ?? '', failed: 'decode' };
  const normal = kind.normalize(entry);
  const found = kind.validate(normal).map((p) => locate(p, ranges, entry, normal, payload.range));
  const failed = found.some((p) => p.severity === 'error') ? 'validate' : undefined;
  return { entry: failed ? undefined : normal, problems: found, kind: normal.Kind, failed };
}

/** Points a problem at the innermost value on its path whose place is known. */
function locate(p: Problem, ranges: ReadonlyMap<string, Range>, given: unknown, normal: unknown, whole: Range | undefined): Problem {
  const steps = p.path?.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
  let subject = whole;
  let path = '';
  let [before, after] = [given, normal];
  for (const step of steps) {
    const key = step.replace(/^\[|\]$/g, '');
    after = child(after, key);
    // Normalizing sorts some lists: an index may mean another element than the one that was written there.
    const written = step.startsWith('[') ? writtenAt(before, key, child(after, 'Name')) : key;
    if (written === undefined) break;
    before = child(before, written);
    path += step.startsWith('[') ? `[${written}]` : path === '' ? step : `.${step}`;
    subject = ranges.get(path) ?? subject;
  }
  const hint = p.hint === undefined && p.path === 'Name' && p.summary === 'Name is required' ? { hint: 'add Name = "…"' } : {};
  return { ...p, ...(subject ? { subject } : {}), ...hint };
}

/** Where the element of that name was written: at the same place, or at the only other one. */
function writtenAt(list: unknown, key: string, name: unknown): string | undefined {
  if (child(child(list, key), 'Name') === name) return key;
  const places = Array.isArray(list) ? list.flatMap((item, i) => (child(item, 'Name') === name ? [String(i)] : [])) : [];
  return places.length === 1 ? places[0] : undefined;
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
