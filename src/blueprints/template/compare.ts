import { FunctionError } from './template-error.ts';
import { kindOf, type Value } from './value.ts';

/** Go's `eq`: of one kind, and not of lists and maps. Nothing equals only nothing. */
export function isEqual(a: Value, b: Value): boolean {
  if (a !== null && b !== null) checkComparable(a, b);
  return a === b;
}

/** Negative, zero or positive: numbers by size, strings by bytes; nothing else has an order. */
export function compare(a: Value, b: Value): number {
  checkComparable(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  throw new FunctionError(`${kindOf(a)} is neither more nor less than another`);
}

function checkComparable(a: Value, b: Value): void {
  if (typeof a === 'object' || typeof b === 'object') throw new FunctionError(`${kindOf(typeof a === 'object' ? a : b)} can't be compared`);
  if (typeof a !== typeof b) throw new FunctionError(`${kindOf(a)} can't be compared with ${kindOf(b)}`);
}
