import { compare, isEqual } from './compare.ts';
import { sprintf } from './printf.ts';
import { FunctionError } from './template-error.ts';
import { formatted, isMap, isTrue, kindOf, printed, type Value } from './value.ts';

/** A function of the language. What it throws (`FunctionError`) is said of its call. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  call(args: readonly Value[]): Value;
}

const ANY = Number.POSITIVE_INFINITY;
const text = (call: (text: string) => string): TemplateFunction => ({ min: 1, max: 1, call: ([value]) => call(printed(value!)) });
const texts = (call: (text: string) => string): TemplateFunction => ({ min: 1, max: ANY, call: (args) => call(sprint(args)) });
const comparison = (holds: (order: number) => boolean): TemplateFunction => ({
  min: 2,
  max: 2,
  call: ([a, b]) => holds(compare(a!, b!)),
});

/** Those of Go's text/template, and Shipyard's `quote` and `trim`. `and`, `or` and `file` are the renderer's. */
export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  not: { min: 1, max: 1, call: ([value]) => !isTrue(value!) },
  eq: { min: 2, max: ANY, call: ([first, ...others]) => others.some((other) => isEqual(first!, other)) },
  ne: { min: 2, max: 2, call: ([a, b]) => !isEqual(a!, b!) },
  lt: comparison((order) => order < 0),
  le: comparison((order) => order <= 0),
  gt: comparison((order) => order > 0),
  ge: comparison((order) => order >= 0),
  len: { min: 1, max: 1, call: ([value]) => length(value!) },
  index: { min: 1, max: ANY, call: ([value, ...keys]) => keys.reduce(item, value!) },
  slice: { min: 1, max: 3, call: ([value, from, to]) => slice(value!, from, to) },
  print: { min: 0, max: ANY, call: sprint },
  println: { min: 0, max: ANY, call: (args) => `${args.map(formatted).join(' ')}\n` },
  printf: { min: 1, max: ANY, call: ([format, ...args]) => sprintf(asText(format!, 'the format of printf'), args) },
  quote: text((value) => `"${value}"`),
  trim: text((value) => value.trim()),
  html: texts((value) => value.replace(/[\0"'&<>]/g, (c) => HTML[c]!)),
  js: texts((value) => value.replace(/[\p{Cc}"'&<=>\\]/gu, escapeJs)),
  urlquery: texts((value) =>
    encodeURIComponent(value)
      .replace(/%20/g, '+')
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  ),
};

export const FUNCTION_NAMES: readonly string[] = ['and', 'or', 'file', ...Object.keys(FUNCTIONS)];

/** Go's Sprint: spaces only between operands of which neither is a string. */
function sprint(args: readonly Value[]): string {
  return args.map((arg, i) => (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + formatted(arg)).join('');
}

function asText(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  throw new FunctionError(`${what} must be a string, not ${kindOf(value)}`);
}

/** Of a string in bytes, as in Go. */
function length(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new FunctionError(`${kindOf(value)} has no length`);
}

function item(value: Value, key: Value): Value {
  if (isMap(value)) return value[asText(key, 'a key of a map')] ?? null;
  if (typeof value !== 'string' && !Array.isArray(value)) throw new FunctionError(`${kindOf(value)} has no items`);
  const items: ArrayLike<Value> = typeof value === 'string' ? Buffer.from(value) : value;
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < items.length) return items[key]!;
  throw new FunctionError(`there is no item ${formatted(key)}: ${kindOf(value)} of ${items.length}, counted from 0`);
}

function slice(value: Value, from: Value = 0, to?: Value): Value {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new FunctionError(`${kindOf(value)} can't be cut`);
  const items = typeof value === 'string' ? Buffer.from(value) : value;
  const end = to ?? items.length;
  if (typeof from !== 'number' || typeof end !== 'number' || from < 0 || end > items.length || from > end)
    throw new FunctionError(`can't cut from ${formatted(from)} to ${formatted(end)}: ${kindOf(value)} of ${items.length}`);
  return typeof value === 'string' ? (items as Buffer).toString('utf8', from, end) : value.slice(from, end);
}

const HTML: Readonly<Record<string, string>> = { '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeJs(character: string): string {
  if (/["'\\]/.test(character)) return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
