import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Input } from '../../commands/command.ts';
import { withLines, withoutLines } from '../consul/complete-install.ts';
import type { Io } from '../io.ts';
import { SCRIPTS, SHELLS, type Shell } from './scripts.ts';

/** `mesh completion bash`: what the shell has to read. */
export function printCompletion(input: Input, io: Io): Promise<number> {
  io.out(SCRIPTS[shellOf(input, io)]);
  return Promise.resolve(0);
}

export async function installCompletion(input: Input, io: Io): Promise<number> {
  const shell = shellOf(input, io);
  const { script, startup } = placesOf(shell, io);
  await writing(async () => {
    await mkdir(dirname(script), { recursive: true });
    await writeFile(script, SCRIPTS[shell]);
    if (startup !== undefined)
      await change(startup, (text) => (text.includes(lineFor(script)) ? text : withLines(text, [lineFor(script)])));
  });
  io.out(`Completion for ${shell} is in ${script}${startup === undefined ? '' : `, and ${startup} reads it`}.\n`);
  io.out(`In this shell: . ${shellWord(script)}\n`);
  return 0;
}

export async function uninstallCompletion(input: Input, io: Io): Promise<number> {
  const shell = shellOf(input, io);
  const { script, startup } = placesOf(shell, io);
  await writing(async () => {
    await rm(script, { force: true });
    if (startup !== undefined) await change(startup, (text) => withoutLines(text, [lineFor(script)]));
  });
  io.out(`Completion for ${shell} is gone.\n`);
  return 0;
}

async function writing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new MeshError('environment', `completion can't be written: ${messageOf(error)}`, {
      hint: '`mesh completion bash` prints what the shell has to read: put it where you can write',
    });
  }
}

/** A file that is not there is empty, and is not made unless something stands in it then. */
async function change(path: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
  const edited = edit(text);
  if (edited !== text) await writeFile(path, edited);
}

/** The file goes with mesh's other data: a shell that starts says nothing if it is not there. */
const lineFor = (script: string): string => `[ ! -r ${shellWord(script)} ] || . ${shellWord(script)}`;

function placesOf(shell: Shell, { env }: Io): { readonly script: string; readonly startup?: string } {
  const home = env['HOME'] || homedir();
  if (shell === 'fish') return { script: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'fish', 'completions', 'mesh.fish') };
  const script = join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'mesh', `completion.${shell}`);
  return { script, startup: shell === 'bash' ? join(home, '.bashrc') : join(env['ZDOTDIR'] || home, '.zshrc') };
}

function shellOf({ args: [given] }: Input, { env }: Io): Shell {
  const name = given ?? basename(env['SHELL'] ?? '');
  const shell = SHELLS.find((one) => one === name);
  if (shell) return shell;
  if (given !== undefined)
    throw new MeshError('usage', `there is no completion for ${JSON.stringify(given)}`, {
      hint: `one of: ${SHELLS.join(', ')}`,
      ...didYouMean(given, SHELLS),
    });
  throw new MeshError('usage', 'which shell? $SHELL names none of bash, zsh and fish', { hint: 'mesh completion bash' });
}
