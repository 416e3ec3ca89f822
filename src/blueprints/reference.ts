import { formatDuration } from '../base/duration.ts';
import type { Field, Schema } from '../schema/schema.ts';
import type { ResourceType } from './resource-type.ts';

/** The reference page of resource types, from their schemas. */
export function renderReference(types: readonly ResourceType[]): string {
  const pages = types.toSorted((a, b) => a.type.localeCompare(b.type)).map(renderType);
  return `# Blueprints

A blueprint is a folder of \`*.hcl\` files in HCL 2, in the dialect of Shipyard: blocks with a type and a name. Sub-folders are not
read; they hold other files (Consul's, Kubernetes'). Paths are relative to the file that they stand in. A resource refers to
another as a string: \`"network.local"\`. Every resource also takes \`depends_on = ["container.payments"]\`. Expressions may call
\`env("NAME")\`, \`home()\`, \`len\`, \`lower\`, \`upper\`, \`join\` and \`split\`.

This page is made from the schemas that the blueprints are checked against.

${pages.join('\n')}`;
}

function renderType(type: ResourceType): string {
  if (type.schema.kind !== 'object') return '';
  return `## ${type.type}

${type.doc}

${renderFields(type.schema.fields, '')}
`;
}

function renderFields(fields: Readonly<Record<string, Field>>, prefix: string): string {
  const rows = Object.entries(fields).flatMap(([name, field]) => rowsOf(`${prefix}${name}`, field));
  return ['| attribute | type | | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(name: string, field: Field): string[] {
  const must = field.default === undefined ? (field.required ? 'required' : '') : `default \`${defaultText(field)}\``;
  const row = `| \`${name}\` | ${typeName(field.schema)} | ${must} | ${field.doc} |`;
  const inner = field.schema.kind === 'list' ? field.schema.item : field.schema;
  if (inner.kind !== 'object') return [row];
  return [row, ...Object.entries(inner.fields).flatMap(([child, childField]) => rowsOf(`${name}.${child}`, childField))];
}

function defaultText({ schema, default: value }: Field): string {
  return schema.kind === 'duration' ? formatDuration(Number(value)) : String(value);
}

function typeName(schema: Schema): string {
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
      return schema.item.kind === 'object' ? 'blocks' : `list of ${typeName(schema.item)}`;
    case 'map':
      return `object of ${typeName(schema.value)}`;
    case 'object':
      return 'block';
    case 'bool':
      return 'bool';
  }
}
