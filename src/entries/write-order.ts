import type { EntryBase } from './kind.ts';

const KINDS = ['proxy-defaults', 'service-defaults', 'service-resolver', 'service-splitter', 'service-router'];

/** Kinds with a lower number come first, so that each entry finds what it builds on. */
export const writeRank = (kind: string): number => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);

/** An order in which each entry finds what it builds on: protocols before routes, subsets before splits. */
export function inWriteOrder(entries: readonly EntryBase[]): EntryBase[] {
  return entries.toSorted((a, b) => writeRank(a.Kind) - writeRank(b.Kind));
}
