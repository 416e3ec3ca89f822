import type { EntryBase } from './kind.ts';

const KINDS = ['proxy-defaults', 'service-defaults', 'service-resolver', 'service-splitter', 'service-router'];

/** An order in which each entry finds what it builds on: protocols before routes, subsets before splits. */
export function inWriteOrder(entries: readonly EntryBase[]): EntryBase[] {
  const rank = ({ Kind }: EntryBase): number => (KINDS.includes(Kind) ? KINDS.indexOf(Kind) : KINDS.length);
  return entries.toSorted((a, b) => rank(a) - rank(b));
}
