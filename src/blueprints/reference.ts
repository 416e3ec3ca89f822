import { formatDuration } from '../base/duration.ts';
import type { Field, Schema } from '../schema/schema.ts';
import { renderFunctions } from './functions/reference.ts';
import { FRONT_MATTER } from './metadata.ts';
import { MODULE } from './read-blueprint.ts';
import type { ResourceType } from './resource-type.ts';
import { VARIABLE } from './variables.ts';

/** The reference page of resource types, from their schemas. */
export function renderReference(types: readonly ResourceType[]): string {
  const pages = types.toSorted((a, b) => a.type.localeCompare(b.type)).map(renderType);
  return `# Blueprints

A blueprint is a folder of \`*.hcl\` files in HCL 2, in the dialect of Shipyard: blocks with a type and a name. Sub-folders are not
read; they hold other files (Consul's, Kubernetes'). Paths are relative to the file that they stand in. A resource refers to
another as a string: \`"network.local"\`.

${LANGUAGE}
This page is made from the schemas that the blueprints are checked against.

${pages.join('\n')}`;
}

const LANGUAGE = `## Every resource and module

| attribute | type | | |
|---|---|---|---|
| \`depends_on\` | list of references | | What has to be there before: \`"container.payments"\`, or all of a module: \`"module.consul"\`. |
| \`disabled\` | bool | default \`false\` | Leave it out. Nothing else in the block is computed. To refer to it is an error; a \`depends_on\` that names it waits for nothing. |

## variable

A value that can be given from outside: \`\${var.region}\`, or \`var.region\` without a string around it.

${renderObject(VARIABLE)}

From weak to strong: the default; \`*.vars\` files of the folder (\`name = value\`, one a line); \`--vars-file\`; \`SY_VAR_<name>\` or
\`JUMPPAD_VAR_<name>\` in the environment; \`--var <name>=<value>\`. Text of the environment and the command line becomes a number or
a bool if the default is one, and is read as an expression (\`[8080, 9090]\`) if it is a list or an object.

## module

The blueprint of another folder as a part of this one. Names of resources and of variables are shared: a resource that two define
is an error, a variable has the value (and the default) that it has further out.

${renderObject(MODULE)}

## Functions

${renderFunctions()}

## What a blueprint says of itself

In the front matter of its README.md, whose text is the introduction; or in a file \`*.yard\`, in HCL, with \`browser_windows\` as a list,
an \`intro\`, and blocks \`env { key = "NAME" value = "…" }\`.

${renderObject(FRONT_MATTER)}

## Blueprints from git

\`mesh run github.com/org/repo//folder?ref=v1\` fetches a repository with git, once; so does \`mesh get\`, which runs nothing, and a module
with such a source. \`?ref=\` is a branch, a tag or a whole commit. Other hosts: \`git::https://…\`, \`git::ssh://…\`. \`--force-update\` fetches
again. Running a blueprint runs the programs that it names: look at it first if you don't trust its author.
`;

function renderType(type: ResourceType): string {
  if (type.schema.kind !== 'object') return '';
  return `## ${type.type}

${type.doc}

${renderObject(type.schema)}
`;
}

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
  const inner = field.schema.kind === 'list' ? field.schema.item : field.schema;
  if (inner.kind !== 'object') return [row];
  return [row, ...Object.entries(inner.fields).flatMap(([child, childField]) => rowsOf(`${name}.${child}`, childField))];
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
      return schema.item.kind === 'object' ? 'blocks' : `list of ${typeName(schema.item)}`;
    case 'map':
      return `object of ${typeName(schema.value)}`;
    case 'object':
      return 'block';
    case 'bool':
      return 'bool';
  }
}
