import type { Range } from '../../base/source.ts';
import type { Located } from '../../schema/located.ts';
import { compare, type Decimal, formatDecimal, parseDecimal, toNumber } from './decimal.ts';

type Of<T extends Located['type']> = Located & { readonly type: T };

/** HCL 2 turns numbers and bools into strings where a string is needed; undefined for null, lists and objects. */
export function toText(value: Located): string | undefined {
  if (value.type === 'string') return value.value;
  if (value.type === 'bool') return String(value.value);
  if (value.type !== 'number') return undefined;
  const decimal = decimalOf(value);
  return decimal ? formatDecimal(decimal) : (value.raw ?? String(value.value));
}

/** The exact number of a value: a number, or a string that reads as one. */
export function decimalOf(value: Located): Decimal | undefined {
  if (value.type === 'number') return parseDecimal(value.raw ?? plain(value.value)) ?? parseDecimal(plain(value.value));
  return value.type === 'string' ? parseDecimal(value.value) : undefined;
}

/** A bool, or the strings "true" and "false". */
export function toBool(value: Located): boolean | undefined {
  if (value.type === 'bool') return value.value;
  if (value.type === 'string' && (value.value === 'true' || value.value === 'false')) return value.value === 'true';
  return undefined;
}

export const boolValue = (value: boolean, range?: Range): Of<'bool'> => ({ type: 'bool', value, ...(range ? { range } : {}) });

export const textValue = (value: string, range?: Range): Of<'string'> => ({ type: 'string', value, ...(range ? { range } : {}) });

export function numberValue(decimal: Decimal, range?: Range): Of<'number'> {
  return { type: 'number', value: toNumber(decimal), raw: formatDecimal(decimal), ...(range ? { range } : {}) };
}

/** The same value, seen where it is used: a later problem with it is told there. */
export function at<T extends Located>(value: T, range: Range): T {
  return { ...value, range };
}

/** `==`: of different types nothing is equal, as `1 == "1"` is false. */
export function equal(a: Located, b: Located): boolean {
  if (a.type !== b.type) return false;
  if (a.type === 'null' || a.type === 'unknown') return a.type === 'null';
  if (a.type === 'number') {
    const [x, y] = [decimalOf(a), decimalOf(b)];
    return x && y ? compare(x, y) === 0 : a.value === (b as Of<'number'>).value;
  }
  if (a.type === 'list') {
    const other = (b as Of<'list'>).items;
    return a.items.length === other.length && a.items.every((item, i) => equal(item, other[i]!));
  }
  if (a.type === 'map') {
    const other = new Map((b as Of<'map'>).entries.map((entry) => [entry.key, entry.value]));
    const keys = new Set(a.entries.map((entry) => entry.key));
    if (keys.size !== other.size) return false;
    return a.entries.every((entry) => other.has(entry.key) && equal(entry.value, other.get(entry.key)!));
  }
  return a.value === (b as Of<'string'> | Of<'bool'>).value;
}

/** The order of UTF-8, which is that of code points: another one than that of UTF-16 for characters that take two units. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  // A text that ends comes first; surrogates come after everything else of one unit.
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
  const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
  return rank(x) - rank(y);
}

/** A double without exponent, so that it reads as a decimal. */
function plain(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : String(value).replace('e+', 'e');
}
