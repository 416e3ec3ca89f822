import { renderFunctions } from '../functions/reference.ts';
import { FRONT_MATTER } from '../metadata.ts';
import { MODULE } from '../read-blueprint.ts';
import type { ResourceType } from '../resource-type.ts';
import { VARIABLE } from '../variables.ts';
import { firstSentence } from './resource-page.ts';
import { renderObject } from './tables.ts';

/** The reference page of the language of blueprints, with a list of the resource types. */
export function renderLanguage(types: readonly ResourceType[]): string {
  const shown = new Map(types.toReversed().map((type) => [type.type, type]));
  const rows = [...shown.values()]
    .toSorted((a, b) => a.type.localeCompare(b.type))
    .map(({ type, doc }) => `| [\`${type}\`](resources/${type}.md) | ${firstSentence(doc)} |`);
  return `# Blueprints

A blueprint is a folder of \`*.hcl\` files in HCL 2. Sub-folders are not read; they hold other files (Consul's, Kubernetes').
Paths are relative to the file that they stand in. A block is written as Shipyard does, \`container "web" { … }\`, or as Jumppad does,
\`resource "container" "web" { … }\`: both name the same resource, \`container.web\`.

## Resources

| type | |
|---|---|
${rows.join('\n')}

${LANGUAGE}
This page, and those of the resources, are made from the schemas that the blueprints are checked against.
`;
}

const LANGUAGE = `## Every resource and module

| attribute | type | | |
|---|---|---|---|
| \`depends_on\` | list of references | | What has to be there before: \`"container.payments"\` (or \`resource.container.payments\`), or all of a module: \`"module.consul"\`. |
| \`disabled\` | bool | default \`false\` | Leave it out. Nothing else in the block is computed. To refer to it is an error; a \`depends_on\` that names it waits for nothing. |

## Values of other blocks

Any expression may use \`variable.x\` (or \`var.x\`), \`local.x\`, \`output.x\`, \`module.m.output.x\`, and of a resource, of this blueprint or one that
runs already, \`resource.<type>.<name>.<attribute>\`: the attributes of its block, with their defaults (blocks that can be repeated are
lists: \`network[0].name\`; what is left out is null), its outputs, and \`meta\`, with \`id\`, \`name\`, \`type\`, \`module\`, \`file\`, \`line\` and \`column\`.
What an expression uses comes before what it stands in. Where an attribute is a reference, \`resource.network.local\`, its \`meta.id\` and the
texts \`"resource.network.local"\` and \`"network.local"\` mean the same.

Some outputs are known only when the resource has been applied: what a command prints, an address that is chosen. \`mesh run\` applies
what it can, reads the blueprint again with what is known then, and goes on until everything runs; \`mesh plan\` shows what has to
wait as "known after apply".

## local

A name for a value: \`local "url" { value = "http://\${variable.host}:9090" }\` is \`local.url\`.

## variable

A value that can be given from outside: \`\${var.region}\`, or \`var.region\` without a string around it.

${renderObject(VARIABLE)}

A value has the first of these that gives one:

| | from | |
|---|---|---|
| 1 | \`--var <name>=<value>\` | the last one, if there are several |
| 2 | \`MESH_VAR_<name>\` in the environment | |
| 3 | \`JUMPPAD_VAR_<name>\` in the environment | |
| 4 | \`SY_VAR_<name>\` in the environment | |
| 5 | \`--vars-file <file>\` | \`name = value\`, one a line; the last file, if there are several |
| 6 | \`*.vars\` in the folder of the blueprint | in the order of their names; the last one |
| 7 | the \`default\` | |

Text of the environment and the command line becomes a number or a bool if the default is one, and is read as an expression
(\`[8080, 9090]\`) if it is a list or an object.

## module

The blueprint of another folder as a part of this one. In Shipyard's form names of resources and of variables are shared: a
resource that two define is an error, a variable has the value (and the default) that it has further out.

In Jumppad's form (there is a \`resource\` or a \`local\` in its folder or beside the block, or the block has \`variables\`) a module has names
of its own: its variables have the values of \`variables\`, or their defaults; others see its outputs as \`module.consul.output.address\`;
its resource \`container.server\` is called \`container.consul.server\` by \`mesh status\` and the like.

${renderObject(MODULE)}

## Functions

${renderFunctions()}

## What a blueprint says of itself

In the front matter of its README.md, whose text is the introduction; or in a file \`*.yard\`, in HCL, with \`browser_windows\` as a list,
an \`intro\`, and blocks \`env { key = "NAME" value = "…" }\`.

${renderObject(FRONT_MATTER)}

## A blueprint that builds on another

\`builds_on: [v2]\` in the front matter names blueprints that have to be there first: folders beside this one, or what \`mesh run\` finds
under that name. Unlike a module such a blueprint stays one of its own.

- \`mesh run v3\` runs \`v2\` first if it does not run, and leaves it alone if it does. Both are checked before anything starts. A blueprint that
  runs under that name is taken, wherever it came from. Values (\`--var\`) are given to \`v3\` only.
- \`v3\` may refer to what \`v2\` has (\`network.local\`), and write config entries on top of those of \`v2\`: see [config_entry](resources/config_entry.md).
- \`mesh destroy v2\` is refused as long as \`v3\` runs, with the command to type first. \`mesh destroy v3\` leaves \`v2\` as it was.
- \`mesh plan v3\`, \`validate\` and \`dev\` do as \`run\` does; \`mesh status\` and \`mesh blueprints\` say what builds on what.

## Blueprints from git

\`mesh run github.com/org/repo//folder?ref=v1\` fetches a repository with git, once; so does \`mesh get\`, which runs nothing, and a module
with such a source. \`?ref=\` is a branch, a tag or a whole commit. Other hosts: \`git::https://…\`, \`git::ssh://…\`. \`--force-update\` fetches
again. Running a blueprint runs the programs that it names: look at it first if you don't trust its author.
`;
