import { cp, lstat, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { shippedBlueprints } from '../../blueprints/locate.ts';
import type { Input } from '../../commands/command.ts';
import { renderTable } from '../../ui/table.ts';
import { otherNames } from '../applied.ts';
import type { Io } from '../io.ts';

/** `mesh blueprints`: what comes with the package. */
export async function listBlueprints(input: Input, io: Io): Promise<number> {
  const names = await shippedBlueprints(io.shippedBlueprints);
  const rows = await Promise.all(
    names.map(async (name) => ({ name, title: await titleOf(join(io.shippedBlueprints, name)), path: join(io.shippedBlueprints, name) })),
  );
  if (input.options['json'] === true) io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  else
    io.out(
      `${renderTable(
        ['NAME', 'WHAT IT IS'],
        rows.map((row) => [row.name, row.title]),
      )}\n`,
    );
  return 0;
}

/** `mesh blueprints copy`: never writes over something that is there. */
export async function copyBlueprint(input: Input, io: Io): Promise<number> {
  const [name, folder] = input.args as [string, string | undefined];
  const names = await shippedBlueprints(io.shippedBlueprints);
  if (!names.includes(name)) {
    throw new MeshError('failed', `there is no shipped blueprint ${JSON.stringify(name)}`, otherNames(name, names));
  }
  const target = resolve(io.cwd, folder ?? name);
  const shown = `./${relative(io.cwd, target)}`;
  if (await lstat(target).catch(() => undefined)) throw new MeshError('failed', `${shown} exists already; nothing was copied`);
  await cp(join(io.shippedBlueprints, name), target, { recursive: true });
  io.out(`Copied ${name} to ${shown}. Next: mesh run ${shellWord(folder ?? name)}\n`);
  return 0;
}

/** The first heading of its README. */
async function titleOf(path: string): Promise<string> {
  const text = await readFile(join(path, 'README.md'), 'utf8').catch(() => '');
  return /^# (.+)$/m.exec(text)?.[1] ?? '';
}
