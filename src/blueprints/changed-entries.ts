import { isDeepStrictEqual } from 'node:util';
import type { EntryBase } from '../entries/kind.ts';

/** Those that are not there like that already. */
export const changedEntries = (before: readonly EntryBase[], after: readonly EntryBase[]): EntryBase[] =>
  after.filter((entry) => !before.some((old) => isDeepStrictEqual(old, entry)));

/** Those of whose kind and name there is none any more. */
export const droppedEntries = (before: readonly EntryBase[], after: readonly EntryBase[]): EntryBase[] =>
  before.filter(({ Kind, Name }) => !after.some((entry) => entry.Kind === Kind && entry.Name === Name));
