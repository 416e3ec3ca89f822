import type { ResourceType } from '../resource-type.ts';
import { EXAMPLES, exampleName } from './examples/index.ts';
import { renderObject, typeName } from './tables.ts';

/** The reference page of a resource type. `rows`: its rows of the table, where the two spellings have different attributes. */
export function renderResourcePage(type: string, rows: readonly ResourceType[]): string {
  const [first] = rows;
  const names = [type, ...(first?.aliases ?? [])];
  const spellings = names.map((name) => `\`resource "${name}" "name" {}\``).join(' or ');
  const [shipyards, jumppads] = [rows.filter(({ dialect }) => dialect !== 'jumppad'), rows.filter(({ dialect }) => dialect === 'jumppad')];
  const both = shipyards.length > 0 && jumppads.length > 0;
  const parts = both
    ? [...shipyards.map((row) => part(row, `## \`${type} "name" {}\``)), ...jumppads.map((row) => part(row, `## ${spellings}`))]
    : [`Written \`${type} "name" {}\` or ${spellings}.`, ...rows.map((row) => part(row, ''))];
  return `# ${type}\n\n${parts.join('\n\n')}\n\nEvery resource has \`depends_on\` and \`disabled\` too: see [Blueprints](../blueprints.md).\n`;
}

function part(row: ResourceType, heading: string): string {
  const { doc, schema, outputs } = row;
  const example = EXAMPLES[exampleName(row)];
  const sections = [
    heading,
    doc,
    example === undefined ? '' : `\`\`\`hcl\n${example.trim()}\n\`\`\``,
    '### Attributes',
    renderObject(schema),
    ...(outputs ? ['### Outputs', 'What others may refer to, beside the attributes.', outputTable(outputs.fields)] : []),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function outputTable(fields: NonNullable<ResourceType['outputs']>['fields']): string {
  const rows = Object.entries(fields).map(([name, { schema, doc }]) => `| \`${name}\` | ${typeName(schema)} | ${doc} |`);
  return ['| output | type | |', '|---|---|---|', ...rows].join('\n');
}

/** Up to the first full stop that ends one. */
export function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, '.') ?? text;
}
