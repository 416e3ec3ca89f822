import { cp, lstat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { shippedBlueprints } from '../../blueprints/locate.ts';
import { readMetadata } from '../../blueprints/metadata.ts';
import type { Input } from '../../commands/command.ts';
import { renderTable } from '../../ui/table.ts';
import { otherNames } from '../applied.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { loadOptionsOf } from './load.ts';

/** `mesh blueprints`: what comes with the package. */
export async function listBlueprints(input: Input, io: Io): Promise<number> {
  const names = await shippedBlueprints(io.shippedBlueprints);
  const rows = await Promise.all(names.map((name) => describe(name, io)));
  if (input.options['json'] === true) io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  else
    io.out(
      `${renderTable(
        ['NAME', 'BUILDS ON', 'WHAT IT IS'],
        rows.map(({ name, buildsOn, title }) => [name, buildsOn.join(', ') || '-', title]),
      )}\n`,
    );
  return 0;
}

async function describe(name: string, io: Io): Promise<{ name: string; title: string; buildsOn: readonly string[]; path: string }> {
  const path = join(io.shippedBlueprints, name);
  const options = loadOptionsOf(homeOf(io.env, io.cwd), io);
  const { title = '', buildsOn = [] } = (await readMetadata(path, options, () => undefined)) ?? {};
  return { name, title, buildsOn, path };
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
