import type { Json } from '../schema/located.ts';

/** A field of an entry that two versions of it have differently; undefined: one of them does not have it. */
export interface FieldChange {
  /** In Consul's notation: `Routes[0].Match.HTTP.PathPrefix`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Every field that differs, in the order of the entry. Elements of lists are compared by their place. Empty: they say the same. */
export function diffEntries(before: Json | undefined, after: Json | undefined): FieldChange[] {
  return compare('', before, after);
}

function compare(path: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (before === after) return [];
  const [old, now] = [children(before), children(after)];
  if (!old || !now || Array.isArray(before) !== Array.isArray(after)) return [{ path, before, after }];
  const below = Array.isArray(after) ? (key: string) => `${path}[${key}]` : (key: string) => joined(path, key);
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].flatMap((key) => compare(below(key), old.get(key), now.get(key)));
}

/** Undefined for what has none. */
function children(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map(Array.isArray(value) ? value.map((item, i) => [String(i), item]) : Object.entries(value));
}

/** A key that a path could be mistaken in is quoted. */
function joined(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
