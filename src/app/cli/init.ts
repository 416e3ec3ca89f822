import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Input } from '../../commands/command.ts';
import { type AnsweredCall, type AnsweredService, checkNames, parseCall, parseService } from '../init/answers.ts';
import { openedServices, type Starter, starterBlueprint, starterReadme } from '../init/starter.ts';
import { type Suggestion, suggestionsIn } from '../init/suggestions.ts';
import type { Io } from '../io.ts';

const MAIN = 'main.hcl';
const README = 'README.md';

/** `mesh init`: a blueprint for the user's own programs, from flags or from two questions. Never writes over a file unasked. */
export async function init(input: Input, io: Io): Promise<number> {
  const typed = input.args[0] ?? '.';
  const folder = resolve(io.cwd, typed);
  const force = input.options['force'] === true;
  await checkFolder(folder, typed, force);
  const { services, calls } = await answers(input, io);
  const workingDirectory = relative(folder, io.cwd) || '.';
  const protocol = (input.options['protocol'] as string | undefined) ?? 'http';
  const starter: Starter = { services, calls, protocol, workingDirectory, title: basename(folder) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MAIN), starterBlueprint(starter));
  // A README of a project is more than ours.
  const hasReadme = (await lstat(join(folder, README)).catch(() => undefined)) !== undefined;
  if (!hasReadme) await writeFile(join(folder, README), starterReadme(starter));
  const next = commandsFor(typed, starter);
  const show = (name: string): string => relative(io.cwd, join(folder, name));
  const files = [MAIN, ...(hasReadme ? [] : [README])].map(show);
  if (input.options['json'] === true) {
    const kept = hasReadme ? [show(README)] : [];
    io.out(`${JSON.stringify({ folder, files, kept, services: openedServices(starter), next }, undefined, 2)}\n`);
  } else io.out(`Wrote ${files.join(' and ')}${hasReadme ? `; ${show(README)} was there already` : ''}\nNext: ${next.join(' · ')}\n`);
  return 0;
}

async function checkFolder(folder: string, typed: string, force: boolean): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new MeshError('failed', `${typed} is not a folder to write to`, { hint: 'mesh init <folder>' });
  });
  const present = names.filter((name) => name.endsWith('.hcl') && !name.startsWith('.'));
  const others = present.filter((name) => name !== MAIN);
  if (present.length === 0 || (force && others.length === 0)) return;
  const why = `${typed === '.' ? 'this folder' : typed} is a blueprint already: it holds ${present.join(', ')}`;
  // Of several files one alone can't be replaced: they are read together.
  throw new MeshError('failed', why, {
    hint: others.length > 0 ? 'mesh init <another folder>' : 'mesh init <another folder>, or --force to replace it',
  });
}

async function answers(input: Input, io: Io): Promise<{ services: AnsweredService[]; calls: AnsweredCall[] }> {
  const listOf = (name: string) => (input.options[name] as readonly string[] | undefined) ?? [];
  const services = listOf('service').map(parseService);
  checkNames(services);
  if (services.length > 0) return { services, calls: listOf('call').map((call) => parseCall(call, services)) };
  const suggestions = await suggestionsIn(io.cwd);
  if (!io.terminal.stderrIsTty || io.env['CI']) throw noServices(suggestions);
  const { ask } = await import('../init/questions.ts');
  return ask(suggestions, io);
}

function noServices(suggestions: readonly Suggestion[]): MeshError {
  const found = suggestions.map(({ name, command }) => `--service ${shellWord(`${name}=${command}:PORT`)}`);
  const given =
    found.length > 0 ? found : [`--service 'web=node web.js:8080'`, `--service 'payments=node payments.js:9090'`, '--call web=payments'];
  return new MeshError('usage', 'no services are given, and there is no terminal to ask on', { hint: `mesh init ${given.join(' ')}` });
}

function commandsFor(typed: string, starter: Starter): string[] {
  const run = typed === '.' ? 'mesh run' : `mesh run ${shellWord(typed)}`;
  const urls = openedServices(starter).flatMap(({ hostPort }) => (hostPort === undefined ? [] : [`curl localhost:${hostPort}`]));
  return [run, ...urls.slice(0, 2), 'mesh status'];
}
