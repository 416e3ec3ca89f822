import { isDeepStrictEqual } from 'node:util';
import { shortDigest } from '../base/digest.ts';
import type { Range } from '../base/source.ts';
import { groupByKey, type Json, type Located, type LocatedMap, toJson } from '../schema/located.ts';

/**
 * A resource as the user wrote it, kept beside the spec that was made of it: what has changed is told in the user's words.
 * Plain JSON.
 */
export interface Written {
  /** Values by path: `image.name`, `env_var.MESSAGE`, `port[1].host`. Lists of plain values are one value. */
  readonly attributes: Readonly<Record<string, WrittenValue>>;
  /** Digests of the files that it was made from, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A plain value; of a long text only enough to tell that it has changed; or one that is not known before something is applied. */
export type WrittenValue = Json | { readonly long: number; readonly digest: string } | { readonly unknown: true };

/** One thing that the user changed. */
export type WrittenChange =
  | { readonly kind: 'attribute'; readonly path: string; readonly before?: WrittenValue; readonly after?: WrittenValue }
  | { readonly kind: 'file'; readonly path: string };

/** Texts beyond this are kept as a digest. */
const LONG = 2000;

export function writtenOf(located: LocatedMap, files: ReadonlyMap<string, string>): Written {
  const attributes: Record<string, WrittenValue> = {};
  visitValues(located, '', (path, value) => {
    attributes[path] = keptValue(value);
  });
  return files.size === 0 ? { attributes } : { attributes, files: Object.fromEntries(files) };
}

/** The place of a path in the block that it was found in. */
export function locateWritten(located: LocatedMap, wanted: string): Range | undefined {
  let range: Range | undefined;
  visitValues(located, '', (path, value) => {
    if (path === wanted) range = value.range;
  });
  return range;
}

function keptValue(located: Located): WrittenValue {
  if (located.type === 'unknown') return { unknown: true };
  if (located.type !== 'string' || located.value.length <= LONG) return toJson(located);
  return { long: located.value.length, digest: shortDigest(located.value) };
}

type Visit = (path: string, value: Located) => void;

/** Calls for each plain value, and for each list of them. */
function visitValues(located: Located, path: string, visit: Visit): void {
  if (located.type === 'map' && located.entries.length > 0) {
    for (const [key, group] of groupByKey(located.entries)) {
      const inner = path === '' ? key : `${path}.${key}`;
      if (group[0]!.block) {
        const items = group.map(({ value }) => value);
        visitItems(items, inner, visit);
      } else visitValues(group.at(-1)!.value, inner, visit);
    }
  } else if (located.type === 'list' && located.items.some(({ type }) => type === 'map')) visitItems(located.items, path, visit);
  else visit(path, located);
}

function visitItems(items: readonly Located[], path: string, visit: Visit): void {
  for (const [i, item] of items.entries()) {
    const pair = pairOf(item);
    // `env { key = "MESSAGE" value = "hello" }` is MESSAGE to its author.
    if (pair) visitValues(pair.value, `${path}.${pair.key}`, visit);
    else visitValues(item, `${path}[${i}]`, visit);
  }
}

function pairOf(item: Located): { readonly key: string; readonly value: Located } | undefined {
  if (item.type !== 'map' || item.entries.length !== 2) return undefined;
  const key = item.entries.find((entry) => entry.key === 'key')?.value;
  const value = item.entries.find((entry) => entry.key === 'value')?.value;
  return key?.type === 'string' && value ? { key: key.value, value } : undefined;
}

/** What is different, in the order in which it stands in the file. */
export function changesBetween(before: Written, after: Written): WrittenChange[] {
  const paths = [...new Set([...Object.keys(after.attributes), ...Object.keys(before.attributes)])];
  const attributes = paths.flatMap((path): WrittenChange[] => {
    const old = before.attributes[path];
    const now = after.attributes[path];
    if (isDeepStrictEqual(old, now)) return [];
    return [{ kind: 'attribute', path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) }];
  });
  const files = Object.entries(after.files ?? {}).flatMap(([path, digest]): WrittenChange[] =>
    before.files?.[path] === digest ? [] : [{ kind: 'file', path }],
  );
  return [...attributes, ...files];
}

/** Paths as they are said: a block that stands once has no number. `port[0].host` is `port.host` if there is no `port[1]`. */
export function spokenPath(path: string, { attributes }: Written): string {
  return path.replace(/\[0\]/g, (index, at: number) => {
    const second = `${path.slice(0, at)}[1]`;
    return Object.keys(attributes).some((other) => other.startsWith(second)) ? index : '';
  });
}
