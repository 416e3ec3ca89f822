import type { Located } from '../schema/located.ts';

/** Consul's texts name Go's types and values. These say what Go would, of a value that was read from HCL or JSON. */

/** reflect.Kind of a value inside a `map[string]interface{}`. */
export function goKind(value: Located): string {
  if (value.type === 'number') return isGoInt(value) ? 'int' : 'float64';
  if (value.type === 'list') return 'slice';
  return value.type === 'null' ? 'invalid' : value.type;
}

/** reflect.Type of it. */
export function goType(value: Located): string {
  if (value.type === 'list') return '[]interface {}';
  if (value.type === 'map') return 'map[string]interface {}';
  return goKind(value);
}

/** As `%v` prints it: maps sorted by key. */
export function goPrint(value: Located): string {
  if (value.type === 'null') return '<nil>';
  if (value.type === 'list') return `[${value.items.map(goPrint).join(' ')}]`;
  if (value.type !== 'map') return String(value.value);
  const parts = value.entries.map((entry) => `${entry.key}:${goPrint(entry.value)}`);
  return `map[${parts.sort().join(' ')}]`;
}

function isGoInt(value: Located & { type: 'number' }): boolean {
  return typeof value.value === 'bigint' || (Number.isInteger(value.value) && !/[.eE]/.test(value.raw ?? ''));
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False', '']);

/** strconv.ParseBool, and "" for false as mapstructure has it. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** strconv.ParseInt with base 0, and "" for 0. */
export function parseGoInt(text: string): number | undefined {
  if (text === '') return 0;
  const parts = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/.exec(text);
  if (!parts) return undefined;
  const digits = parts[2]!.replace(/^0[oO]?(?=[0-7])/, '0o');
  return Number(digits) * (parts[1] === '-' ? -1 : 1);
}

/** strconv.ParseFloat, and "" for 0. */
export function parseGoFloat(text: string): number | undefined {
  if (text === '') return 0;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
