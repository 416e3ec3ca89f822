import type { Json } from '../../schema/located.ts';

/** What a template computes with. Null stands for what Go calls no value: a name that a map does not have. */
export type Value = Json;

/** Go: false, zero, nothing, and everything empty are false. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

export function isMap(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is called in a message. */
export function kindOf(value: Value): 'no value' | 'a bool' | 'a number' | 'a string' | 'a list' | 'a map' {
  if (value === null) return 'no value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'number' ? 'a number' : 'a bool';
}

/** As an action prints it: Go's `%v`, with `<no value>` for nothing. */
export function printed(value: Value): string {
  return value === null ? '<no value>' : formatted(value);
}

/** Go's `%v`: `[a b]`, `map[a:1 b:2]` with sorted keys, numbers without an exponent up to 21 digits. */
export function formatted(value: Value): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(formatted).join(' ')}]`;
  if (isMap(value)) {
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${formatted(value[key]!)}`)
      .join(' ')}]`;
  }
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

/** By bytes, as Go sorts strings. */
export function sortedKeys(map: { [key: string]: Value }): string[] {
  return Object.keys(map).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** JavaScript's shortest form, with Go's exponents: at least two digits (`1e-07`), and from 1e-5 down. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const small = value !== 0 && Math.abs(value) < 1e-4;
  const text = small ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
