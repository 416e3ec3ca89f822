import type { Range } from '../../base/source.ts';
import type { Located } from '../../schema/located.ts';

/** The value of a number's text: an integer that a double can't hold exactly becomes a bigint; `raw` keeps every digit. */
export function numberLiteral(raw: string, range?: Range): Located & { type: 'number' } {
  const value = Number(raw);
  const exact = /^-?\d+$/.test(raw) && !Number.isSafeInteger(value) ? BigInt(raw) : value;
  return { type: 'number', value: exact, raw, ...(range ? { range } : {}) };
}
