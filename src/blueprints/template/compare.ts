import { kindOf, type Value } from './value.ts';

type Outcome<T> = { readonly value: T } | { readonly problem: string };

/** Go's `eq`: of one kind, and not of lists and maps. Nothing equals only nothing. */
export function isEqual(a: Value, b: Value): Outcome<boolean> {
  if (a === null || b === null) return { value: a === b };
  return comparable(a, b) ?? { value: a === b };
}

/** Negative, zero or positive: numbers by size, strings by bytes; nothing else has an order. */
export function compare(a: Value, b: Value): Outcome<number> {
  const problem = comparable(a, b);
  if (problem) return problem;
  if (typeof a === 'number' && typeof b === 'number') return { value: a - b };
  if (typeof a === 'string' && typeof b === 'string') return { value: Buffer.compare(Buffer.from(a), Buffer.from(b)) };
  return { problem: `${kindOf(a)} is neither more nor less than another` };
}

function comparable(a: Value, b: Value): { problem: string } | undefined {
  if (typeof a === 'object' || typeof b === 'object') return { problem: `${kindOf(typeof a === 'object' ? a : b)} can't be compared` };
  return typeof a === typeof b ? undefined : { problem: `${kindOf(a)} can't be compared with ${kindOf(b)}` };
}
