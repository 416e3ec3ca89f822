import type { Command, Input } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import { settingsFiles } from './locate.ts';

/**
 * What a command is given together with what configuration files say. `path`: how it is called (`agent stop`); `isTyped`: whether
 * an option stands on the command line. The code that reads files is loaded only if there is one.
 */
export async function configured(
  path: string,
  input: Input,
  { commands, isTyped }: { readonly commands: readonly Command[]; readonly isTyped: (name: string) => boolean },
  io: Io,
): Promise<[Input, Io]> {
  const files = settingsFiles(io.env, io.cwd);
  if (files.length === 0) return [input, io];
  const { settingsInEffect } = await import('./effect.ts');
  const { withDefaults } = await import('./defaults.ts');
  const { defaults, images } = await settingsInEffect(files, commands, { json: input.options['json'] === true }, io);
  const options = withDefaults(input.options, isTyped, defaults.get(path) ?? new Map<string, string>());
  return [
    { ...input, options },
    { ...io, images },
  ];
}
