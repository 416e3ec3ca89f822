import { renderObject, typeName } from '../../blueprints/reference/tables.ts';
import type { Command } from '../../commands/command.ts';
import type { Field, Schema } from '../../schema/schema.ts';
import { PROJECT_FILE } from './locate.ts';
import { defaultsSchema, IMAGE } from './schema.ts';

/** The page of what configuration files can hold, from their schemas. */
export function renderSettingsReference(commands: readonly Command[]): string {
  const schema = defaultsSchema(commands);
  const fields: readonly [string, Field][] = schema.kind === 'object' ? Object.entries(schema.fields) : [];
  const blocks = fields.filter(([, { refused }]) => refused === undefined);
  return `# Configuration files

Two files, in HCL 2, that nothing needs:

| | where | for |
|---|---|---|
| the project's | \`${PROJECT_FILE}\` in the current folder, or the nearest one above it, up to the root of the git repository or your home | who works on the project |
| yours | \`$XDG_CONFIG_HOME/mesh/config.hcl\` (\`~/.config/mesh/config.hcl\`), or the file that \`MESH_CONFIG\` names | everything that you do |

From weak to strong: what a command does by itself, your file, the project's file, the environment, what is typed. \`mesh check\` names the
files that are in effect. With an error in one of them a command does nothing and says where it is; \`mesh check\`, \`mesh version\` and
Consul's commands (\`mesh config\`, \`mesh intention\`) work without them. Blueprints do not read files whose names begin with a dot. A
project's file can name programs to run, as its blueprints can: look at it first if you don't trust its author.

\`\`\`hcl
defaults {
  run {
    timeout = "90s"
    ports   = "auto"
    browser = false
  }
}

image "ghcr.io/acme/api" {
  command           = ["node", "server.js"]
  working_directory = "services/api"
  env               = { LOG_LEVEL = "debug" }
  ports             = [8080]
}
\`\`\`

Functions are those of [blueprints](blueprints.md#functions): \`env("NAME")\`, \`home()\`, \`file_dir()\` and the others.

## image "reference"

A program of this machine that stands for images: resources that name such an image run it. The reference is whole
(\`ghcr.io/acme/api:v1\`), without a tag, which means all of them (\`ghcr.io/acme/api\`), or has \`*\` for any characters but "/"
(\`ghcr.io/acme/api:v1.*\`, \`ghcr.io/acme/*\`). If several fit, a whole one is stronger, then the one with more characters besides \`*\`,
then the one of the project.

${renderObject(IMAGE)}

## defaults

What options of commands are if they are not typed: a block for each command, in it its long options, with "_" for "-";
subcommands are blocks in the block of their command. \`--no-browser\` is \`browser = false\`. Paths are relative to the file.

| command | attributes |
|---|---|
${blocks.flatMap(([name, { schema }]) => rowsOf(name, schema)).join('\n')}

\`mesh <command> --help\` explains them.
`;
}

function rowsOf(command: string, schema: Schema): string[] {
  if (schema.kind !== 'object') return [];
  const fields = Object.entries(schema.fields).filter(([, { refused }]) => refused === undefined);
  const attributes = fields.flatMap(([name, field]) => (field.schema.kind === 'object' ? [] : [`\`${name}\` (${typeName(field.schema)})`]));
  const row = attributes.length === 0 ? [] : [`| \`${command}\` | ${attributes.join('; ')} |`];
  return [...row, ...fields.flatMap(([name, field]) => rowsOf(`${command} { ${name} }`, field.schema))];
}
