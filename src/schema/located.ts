import type { Range } from '../base/source.ts';

/**
 * A value with the places it came from: what every front end (HCL1, HCL2, YAML, JSON) produces and every decoder reads.
 * A range is absent when the value has no text of its own (a default, a computed value).
 */
export type Located =
  | { readonly type: 'null'; readonly range?: Range }
  /** Known only after something has been applied: what an exec prints, an address that is still to be chosen. */
  | { readonly type: 'unknown'; readonly range?: Range }
  | { readonly type: 'bool'; readonly value: boolean; readonly range?: Range }
  | { readonly type: 'number'; readonly value: number | bigint; readonly raw?: string; readonly range?: Range }
  | { readonly type: 'string'; readonly value: string; readonly range?: Range }
  | { readonly type: 'list'; readonly items: readonly Located[]; readonly range?: Range }
  | LocatedMap;

export interface LocatedMap {
  readonly type: 'map';
  readonly entries: readonly LocatedEntry[];
  readonly range?: Range;
}

export interface LocatedEntry {
  readonly key: string;
  readonly keyRange?: Range;
  readonly value: Located;
  /** Written as a block (`image { … }`), not as an attribute (`image = …`). Repeated blocks are repeated entries. */
  readonly block?: boolean;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The plain value: maps become null-prototype objects (a repeated key: the last one wins), big integers become numbers, what is unknown null. */
export function toJson(located: Located): Json {
  switch (located.type) {
    case 'null':
    case 'unknown':
      return null;
    case 'number':
      return Number(located.value);
    case 'bool':
    case 'string':
      return located.value;
    case 'list':
      return located.items.map(toJson);
    case 'map': {
      const object = Object.create(null) as { [key: string]: Json };
      for (const entry of located.entries) object[entry.key] = toJson(entry.value);
      return object;
    }
  }
}

/** Wraps a plain value, without ranges. */
export function fromJson(json: unknown): Located {
  if (json === null || json === undefined) return { type: 'null' };
  if (typeof json === 'boolean') return { type: 'bool', value: json };
  if (typeof json === 'number' || typeof json === 'bigint') return { type: 'number', value: json };
  if (typeof json === 'string') return { type: 'string', value: json };
  if (Array.isArray(json)) return { type: 'list', items: json.map(fromJson) };
  return { type: 'map', entries: Object.entries(json).map(([key, value]) => ({ key, value: fromJson(value) })) };
}

/** What a value is called in a message. */
export function describeType(located: Located): string {
  const names = {
    null: 'null',
    unknown: 'a value that is not known yet',
    bool: 'a bool',
    number: 'a number',
    string: 'a string',
    list: 'a list',
    map: 'an object',
  } as const;
  return names[located.type];
}

/** Whether a part of it is not known yet. */
export function hasUnknown(located: Located): boolean {
  if (located.type === 'list') return located.items.some(hasUnknown);
  if (located.type === 'map') return located.entries.some((entry) => hasUnknown(entry.value));
  return located.type === 'unknown';
}

/** Entries that have the same key, in their order: HCL repeats keys. */
export function groupByKey(entries: readonly LocatedEntry[]): Map<string, LocatedEntry[]> {
  const groups = new Map<string, LocatedEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group) group.push(entry);
    else groups.set(entry.key, [entry]);
  }
  return groups;
}

/** The map, or those in a list of them: how HCL and its JSON form write blocks. */
export function mapsIn(value: Located): LocatedMap[] {
  if (value.type === 'list') return value.items.flatMap(mapsIn);
  return value.type === 'map' ? [value] : [];
}
