import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemCode } from '../../base/errors.ts';
import type { Io } from '../io.ts';

/** The lines that let a shell ask `mesh` for what completes `mesh` and `consul`, by the file that it reads at its start. */
const BASH = 'complete -C mesh mesh consul';
const LINES: Readonly<Record<string, readonly string[]>> = {
  '.bashrc': [BASH],
  '.zshrc': ['autoload -U +X bashcompinit && bashcompinit', BASH],
};

/** Consul's `-autocomplete-install` and `-autocomplete-uninstall`, with its texts: for each shell whose file is there. */
export async function changeCompletion(io: Io, install: boolean): Promise<number> {
  const wrong: string[] = [];
  let shells = 0;
  for (const [name, lines] of Object.entries(LINES)) {
    const path = join(io.env['HOME'] ?? homedir(), name);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) continue;
    shells++;
    const present = text.split('\n').includes(BASH);
    if (present === install) wrong.push(install ? `already installed in ${path}` : `does not installed in ${path}`);
    else await writeFile(path, install ? withLines(text, lines) : withoutLines(text, lines));
  }
  if (shells === 0) wrong.push('Did not find any shells to install');
  if (wrong.length === 0) return 0;
  const count = wrong.length === 1 ? '1 error occurred' : `${wrong.length} errors occurred`;
  io.err(`Error executing CLI: ${count}:\n\t${wrong.map((one) => `* ${one}`).join('\n\t')}\n\n`);
  return 1;
}

/** What is there already is not written twice. */
export function withLines(text: string, lines: readonly string[]): string {
  const present = text.split('\n');
  const added = lines.filter((line) => !present.includes(line));
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${added.join('\n')}\n`;
}

/** Only the line that is ours alone: others may need those before it. */
export const withoutLines = (text: string, lines: readonly string[]): string =>
  text
    .split('\n')
    .filter((line) => line !== lines.at(-1))
    .join('\n');
