import type { Command, Option } from '../../commands/command.ts';
import {
  bool,
  duration,
  type Field,
  list,
  map,
  object,
  optional,
  port,
  refused,
  required,
  type Schema,
  string,
  withDefault,
} from '../../schema/schema.ts';

/** A block `image "reference" { … }`. */
export const IMAGE = object({
  command: required(list(string()), 'Program and its arguments, as they would be typed in `working_directory`. Not a line for a shell.'),
  working_directory: withDefault(string(), '.', 'Folder in which it runs, relative to this file.'),
  env: optional(map(string()), 'Environment variables. Those of the resource are stronger.'),
  ports: optional(list(port()), 'Ports that it listens on.'),
});

/** An option of a command as an attribute of a configuration file: `--http-port <port>` is `http_port`. */
export interface OptionAttribute {
  /** `http_port` */
  readonly attribute: string;
  /** As the command's input calls it: `httpPort`. */
  readonly input: string;
  /** `<port>`: what its value is called. Undefined for a switch. */
  readonly placeholder: string | undefined;
}

export function attributeOf({ flags }: Option): OptionAttribute {
  const long = /--([\w-]+)/.exec(flags)?.[1] ?? '';
  const words = long.replace(/^no-/, '').split('-');
  return {
    attribute: words.join('_'),
    input: words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join(''),
    placeholder: /<.*>/.exec(flags)?.[0],
  };
}

/** Options by command and subcommand, as the block `defaults` has them. */
export function defaultsSchema(commands: readonly Command[]): Schema {
  return object(Object.fromEntries(commands.flatMap(blocksOf)));
}

function blocksOf(command: Command): [string, Field][] {
  const { name, aliases = [] } = command;
  const refusal = refusalOf(command);
  if (refusal) return [name, ...aliases].map((one) => [one, refused(refusal)]);
  const fields = [...(command.options ?? []).map(fieldOf), ...(command.subcommands ?? []).flatMap(blocksOf)];
  if (fields.length === 0) return [name, ...aliases].map((one) => [one, refused('this command has no options')]);
  return [
    [name, optional(object(Object.fromEntries(fields)), `Options of \`mesh ${name}\`.`)],
    ...aliases.map((alias): [string, Field] => [alias, refused(`write it as: ${name} { … }`)]),
  ];
}

/** Why a command has no block, if it has none whatever its options are. */
function refusalOf({ grammar, options = [], withoutSettings }: Command): string | undefined {
  if (grammar === 'consul' && options.length === 0) return `its flags are Consul's, which come from the environment: CONSUL_HTTP_ADDR`;
  return withoutSettings ? 'this command works without configuration files' : undefined;
}

function fieldOf(option: Option): [string, Field] {
  const { attribute } = attributeOf(option);
  return [attribute, option.onlyTyped === undefined ? optional(schemaOf(option), `${docOf(option)}.`) : refused(option.onlyTyped)];
}

/** `--no-x` says what happens without; its attribute is `x`. */
function docOf({ flags, doc }: Option): string {
  const text = flags.startsWith('--no-') ? doc.replace(/^do not /, '') : doc;
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

function schemaOf(option: Option): Schema {
  const { placeholder } = attributeOf(option);
  if (placeholder === undefined) return bool();
  if (option.repeatable) return list(string());
  if (placeholder === '<duration>') return duration();
  return placeholder === '<port>' ? port() : string(option.choices);
}
