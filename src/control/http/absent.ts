import type { QueryResult } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';

/**
 * What is absent has the index of the whole table, which any write raises. So that such a write wakes nobody who waits for
 * something of his own, an answer that is as empty as the first one keeps its index.
 */
export function untilFound<T>(run: (s: Snapshot, dc: string) => QueryResult<T>): (s: Snapshot, dc: string) => QueryResult<T> {
  let emptyAt: number | undefined;
  return (s, dc) => {
    const result = run(s, dc);
    const isEmpty = result.value === undefined || (Array.isArray(result.value) && result.value.length === 0);
    if (!isEmpty) return result;
    emptyAt ??= result.index;
    return { ...result, index: emptyAt };
  };
}
