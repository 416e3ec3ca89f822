import type { Range } from '../base/source.ts';
import type { LocatedMap } from '../schema/located.ts';

/** Where the text of an entry begins: at its kind, below what is said above it. Undefined when it stands nowhere. */
export function entryStart({ entries, range }: LocatedMap): Range | undefined {
  return entries.find(({ key }) => key.toLowerCase() === 'kind')?.keyRange ?? range;
}
