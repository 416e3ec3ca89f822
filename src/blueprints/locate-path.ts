import type { Range } from '../base/source.ts';
import type { Located, LocatedMap } from '../schema/located.ts';

/** The place of `network[0].ip_address` in a decoded block: of the value, or of the nearest thing around it that has a place. */
export function locatePath(root: LocatedMap, path: string): Range | undefined {
  let here: Located = root;
  let range: Range | undefined;
  for (const [, key, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    const next: Located | undefined = key === undefined ? item(here, Number(index)) : child(here, key);
    if (!next) return range;
    here = next;
    range = here.range ?? range;
  }
  return range;
}

function child(located: Located, key: string): Located | undefined {
  // A block that may stand once is written `image.name`, without an index.
  if (located.type === 'list' && located.items[0]) return child(located.items[0], key);
  if (located.type !== 'map') return undefined;
  const entries = located.entries.filter((entry) => entry.key === key);
  // Repeated blocks are one list to the schema.
  if (entries[0]?.block)
    return { type: 'list', items: entries.map((entry) => entry.value), ...(entries[0].keyRange ? { range: entries[0].keyRange } : {}) };
  return entries[0]?.value;
}

function item(located: Located, index: number): Located | undefined {
  return located.type === 'list' ? located.items[index] : undefined;
}
