import { formatDuration } from '../../base/duration.ts';
import { typeName } from '../../blueprints/reference/tables.ts';
import type { EntryKind } from '../../entries/kind.ts';
import type { Field, Schema } from '../../schema/schema.ts';
import { ENTRY_EXAMPLES } from './entry-examples.ts';

/** The page of all kinds of config entries, from their schemas. */
export function renderEntriesPage(kinds: readonly EntryKind[]): string {
  return `# Config entries

Every kind that Consul has, with its fields. \`mesh config write FILE\` writes one, from HCL as below or from JSON; \`mesh config read -kind
KIND -name NAME\` shows it, \`mesh config delete\` takes it away. Many at once: \`mesh config apply FOLDER\`. In a blueprint, a
[config_entry](../resources/config_entry.md) or a Consul server's container brings them.

Every entry has \`Kind\`, \`Name\` and, if you want, \`Meta\` (up to 64 texts). Names of fields may be written as here or in snake_case; what a field
must hold is checked when the entry is written, with the place in the file. A change holds for the next request, without a restart.

${kinds.map(({ kind }) => `- [${kind}](#${kind}): ${exampleOf(kind).does}`).join('\n')}

${kinds.map(kindSection).join('\n\n')}
`;
}

const exampleOf = (kind: string) => ENTRY_EXAMPLES[kind] ?? { does: '' };

function kindSection({ kind, schema, fixedName, readOnly }: EntryKind): string {
  const { does, more, hcl } = exampleOf(kind);
  const parts = [`## ${kind}`, `${does}${more === undefined ? '' : ` More: ${more}.`}`];
  if (fixedName !== undefined) parts.push(`Its name is always \`${fixedName}\`.`);
  if (readOnly !== undefined) parts.push(`Nobody else may write it: ${readOnly}.`);
  if (hcl !== undefined) parts.push(`\`\`\`hcl\n${hcl}\n\`\`\``);
  const rows = schema.kind === 'object' ? Object.entries(schema.fields).flatMap(([name, field]) => rowsOf(name, field, 0)) : [];
  parts.push(['| field | type | default | |', '| --- | --- | --- | --- |', ...rows].join('\n'));
  return parts.join('\n\n');
}

/** Blocks in blocks are as deep as Consul's; what holds itself ends here. */
const DEEPEST = 8;

function rowsOf(name: string, field: Field, depth: number): string[] {
  const { schema, doc, refused } = field;
  const { inner, suffix } = insideOf(schema);
  const row = `| \`${name}\` | ${typeName(schema).replaceAll('|', '\\|')} | ${defaultText(field)} | ${doc.replaceAll('|', '\\|')} |`;
  if (refused !== undefined || inner.kind !== 'object' || depth > DEEPEST) return [row];
  return [row, ...Object.entries(inner.fields).flatMap(([child, one]) => rowsOf(`${name}${suffix}.${child}`, one, depth + 1))];
}

function insideOf(schema: Schema): { inner: Schema; suffix: string } {
  if (schema.kind === 'list') return { inner: schema.item, suffix: '[]' };
  if (schema.kind === 'map') return { inner: schema.value, suffix: '.<name>' };
  return { inner: schema, suffix: '' };
}

/** The zero of a type is what a field that is left out has anyway. */
function defaultText({ schema, default: value }: Field): string {
  if (value === undefined || value === '' || value === 0 || value === false) return '';
  if (Array.isArray(value) && value.length === 0) return '';
  return `\`${schema.kind === 'duration' ? formatDuration(Number(value)) : JSON.stringify(value)}\``;
}
