import { type Functions, type LanguageFunction, PURE_FUNCTIONS, PURE_TABLES } from '../../hcl/hcl2/index.ts';
import type { LoadOptions } from '../loaded.ts';
import { fileFunctions } from './files.ts';
import { machineFunctions } from './machine.ts';
import { placeFunctions } from './places.ts';
import { renderTemplate } from './template-renderer.ts';
import type { World } from './world.ts';

/** The functions of Shipyard's and Jumppad's languages, as one file of a blueprint sees them. */
export function blueprintFunctions(
  file: string,
  { env, userHome, dataFolder, files, cwd }: Pick<LoadOptions, 'env' | 'userHome' | 'dataFolder' | 'files' | 'cwd'>,
): Functions {
  const world: World = { file, env, userHome, dataFolder, files, cwd, render: renderTemplate };
  let made: ReadonlyMap<string, LanguageFunction> | undefined;
  const own = () => (made ??= new Map(Object.values(effectful(world)).flatMap((table) => Object.entries<LanguageFunction>(table))));
  return {
    get: (name) => PURE_FUNCTIONS.get(name) ?? own().get(name),
    keys: () => new Map([...PURE_FUNCTIONS, ...own()]).keys(),
  };
}

function effectful(world: World) {
  return { Files: fileFunctions(world), Folders: placeFunctions(world), 'This machine': machineFunctions(world) };
}

/** All functions under the headings of the reference page. */
export function functionTables(world: World): Readonly<Record<string, Readonly<Record<string, LanguageFunction>>>> {
  return { ...PURE_TABLES, ...effectful(world) };
}
