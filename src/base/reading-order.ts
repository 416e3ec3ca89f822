import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';

/** Sorts what several passes found in the order in which a reader meets it. Stable; what has no place comes first. */
export function inReadingOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]): Diagnostic[] {
  const order = new Map(sources.map((source, i) => [source, i]));
  // One document of a file with several has a source of its own.
  const named = new Map(sources.map(({ name }, i) => [name, i]));
  const rank = ({ subject }: Diagnostic): number =>
    subject ? (order.get(subject.source) ?? named.get(subject.source.name) ?? sources.length) : -1;
  return diagnostics.toSorted((a, b) => rank(a) - rank(b) || (a.subject?.start ?? 0) - (b.subject?.start ?? 0));
}
