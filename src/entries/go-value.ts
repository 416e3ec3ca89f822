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
  if (value.type === 'null' || value.type === 'unknown') return '<nil>';
  if (value.type === 'list') return `[${value.items.map(goPrint).join(' ')}]`;
  if (value.type !== 'map') return String(value.value);
  const parts = value.entries.map((entry) => `${entry.key}:${goPrint(entry.value)}`);
  return `map[${parts.sort().join(' ')}]`;
}

function isGoInt(value: Located & { type: 'number' }): boolean {
  return typeof value.value === 'bigint' || (Number.isInteger(value.value) && !/[.eE]/.test(value.raw ?? ''));
}
