import { resolve } from 'node:path';
import { parseDuration } from '../../base/duration.ts';
import { MeshError } from '../../base/errors.ts';
import type { GivenValues } from '../../blueprints/loaded.ts';
import type { Input } from '../../commands/command.ts';

/** Readers of options that say what is wrong in the user's terms. */
export function durationOption(input: Input, name: string): number {
  const text = String(input.options[name]);
  const parsed = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (parsed.ok && parsed.ns > 0) return parsed.ns / 1e6;
  throw new MeshError('usage', `--${name} is not a duration: ${JSON.stringify(text)}`, {
    hint: 'expected a number with a unit: 500ms, 30s, 2m',
  });
}

export function portOption(input: Input, name: string, camel: string): number | undefined {
  if (input.options[camel] === undefined) return undefined;
  const text = String(input.options[camel]);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new MeshError('usage', `--${name} is not a port: ${JSON.stringify(text)}`, {
    hint: 'expected a number from 0 to 65535; 0 takes any free port',
  });
}

/** More than this would only wait for each other. */
const MAX_WORKERS = 64;

/** `--dataplane-workers`; undefined when it wasn't given. */
export function workersOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d?$/.test(text) && Number(text) <= MAX_WORKERS) return Number(text);
  throw new MeshError('usage', `--dataplane-workers is not a number of processes: ${JSON.stringify(text)}`, {
    hint: `expected a number from 1 to ${MAX_WORKERS}`,
  });
}

/** Undefined when it wasn't given. */
export function countOption(input: Input, name: string): number | undefined {
  if (input.options[name] === undefined) return undefined;
  const text = String(input.options[name]);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new MeshError('usage', `--${name} is not a number: ${JSON.stringify(text)}`, { hint: 'expected 1 or more' });
}

export function choiceOption<const T extends string>(input: Input, name: string, choices: readonly T[]): T {
  const text = String(input.options[name]);
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new MeshError('usage', `--${name} can't be ${JSON.stringify(text)}`, { hint: `one of: ${choices.join(', ')}` });
}

/** Every value of an option that may be given several times. */
export function listOption(input: Input, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** `--var name=value` and `--vars-file`. A value is all behind the first `=`, commas and further ones included. */
export function givenValues(input: Input, cwd: string): GivenValues {
  const assignments = listOption(input, 'var').map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return { name: text.slice(0, at), text: text.slice(at + 1) };
    throw new MeshError('usage', `--var ${JSON.stringify(text)} is not a variable with a value`, { hint: 'write it as: --var name=value' });
  });
  return { files: listOption(input, 'varsFile').map((file) => resolve(cwd, file)), assignments };
}
