import { resolve } from 'node:path';
import { formatDuration } from '../../base/duration.ts';
import type { Command, Input, Option } from '../../commands/command.ts';
import { attributeOf } from './schema.ts';

type Value = string | boolean | readonly string[];

/** Values of options that were not typed: by command (`run`, `agent stop`), by name in its input (`httpPort`). */
export type Defaults = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** A decoded block `defaults` as values that the command line could have given. Paths start from `folder`. */
export function defaultsOf(decoded: unknown, commands: readonly Command[], folder: string, outer = ''): Defaults {
  const blocks = (decoded ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  const defaults = new Map<string, ReadonlyMap<string, Value>>();
  for (const { name, options = [], subcommands = [] } of commands) {
    const block = blocks[name];
    if (block === undefined) continue;
    const values = options.flatMap((option): [string, Value][] => {
      const { attribute, input } = attributeOf(option);
      return block[attribute] === undefined ? [] : [[input, asTyped(block[attribute], option, folder)]];
    });
    defaults.set(`${outer}${name}`, new Map(values));
    for (const [path, inner] of defaultsOf(block, subcommands, folder, `${outer}${name} `)) defaults.set(path, inner);
  }
  return defaults;
}

function asTyped(value: unknown, option: Option, folder: string): Value {
  const { placeholder } = attributeOf(option);
  const text = (one: unknown): string => (placeholder === '<file>' ? resolve(folder, String(one)) : String(one));
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(text);
  return placeholder === '<duration>' ? formatDuration(Number(value)) : text(value);
}

/** What a command was given, with defaults for what was not typed. */
export function withDefaults(
  options: Input['options'],
  isTyped: (name: string) => boolean,
  values: ReadonlyMap<string, Value>,
): Input['options'] {
  const fresh = [...values].filter(([name]) => !isTyped(name));
  return fresh.length === 0 ? options : { ...options, ...Object.fromEntries(fresh) };
}
