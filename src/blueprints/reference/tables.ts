import { formatDuration } from '../../base/duration.ts';
import type { Field, Schema } from '../../schema/schema.ts';

/** A table of the attributes of an object and of the blocks in it. */
export function renderObject(schema: Schema): string {
  return schema.kind === 'object' ? renderFields(schema.fields, '') : '';
}

function renderFields(fields: Readonly<Record<string, Field>>, prefix: string): string {
  const rows = Object.entries(fields).flatMap(([name, field]) => rowsOf(`${prefix}${name}`, field));
  return ['| attribute | type | | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(name: string, field: Field): string[] {
  const must = field.default === undefined ? (field.required ? 'required' : '') : `default \`${defaultText(field)}\``;
  const row = `| \`${name}\` | ${typeName(field.schema)} | ${must} | ${field.doc} |`;
  const item = field.schema.kind === 'list' ? field.schema.item : field.schema;
  const inner = isNamedBlock(field.schema) && item.kind === 'map' ? item.value : item;
  if (inner.kind !== 'object') return [row];
  return [row, ...Object.entries(inner.fields).flatMap(([child, childField]) => rowsOf(`${name}.${child}`, childField))];
}

/** Blocks with a label: `upstream "payments" { … }`. */
function isNamedBlock(schema: Schema): boolean {
  return schema.kind === 'list' && schema.item.kind === 'map' && schema.item.value.kind === 'object';
}

function defaultText({ schema, default: value }: Field): string {
  return schema.kind === 'duration' ? formatDuration(Number(value)) : String(value);
}

/** What the reference calls a type. */
export function typeName(schema: Schema): string {
  switch (schema.kind) {
    case 'string':
      if (schema.refersTo) return `reference to ${schema.refersTo.join(' or ')}`;
      return schema.oneOf ? schema.oneOf.map((value) => `\`"${value}"\``).join(', ') : 'string';
    case 'int':
      return 'whole number';
    case 'float':
      return 'number';
    case 'duration':
      return 'duration (`"30s"`)';
    case 'any':
      return 'any value';
    case 'list':
      if (isNamedBlock(schema)) return 'blocks with a name';
      return schema.item.kind === 'object' ? 'blocks' : `list of ${typeName(schema.item)}`;
    case 'map':
      return `object of ${typeName(schema.value)}`;
    case 'object':
      return 'block';
    case 'bool':
      return 'bool';
  }
}
