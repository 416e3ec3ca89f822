import type { Io } from '../io.ts';

/** Whose texts and JSON a command prints where Consul 1.8 and newer ones differ: `-compat 1.8` before the command, or MESH_COMPAT. */
export function isOldConsul({ env }: Pick<Io, 'env'>): boolean {
  return env['MESH_COMPAT'] === '1.8';
}

/**
 * Takes `-compat 1.8` from the front of a command line: the words behind it, and an Io that says so. `error`: a version that
 * is none.
 */
export function takeCompat(
  argv: readonly string[],
  io: Io,
): { readonly argv: readonly string[]; readonly io: Io; readonly error?: string } {
  const [flag] = argv;
  if (!isCompatFlag(flag)) return { argv, io };
  const [, inline] = /=(.*)$/.exec(flag!) ?? [];
  const version = inline ?? argv[1];
  const rest = argv.slice(inline === undefined ? 2 : 1);
  if (version !== '1.8' && version !== 'newer')
    return { argv: rest, io, error: `-compat can't be ${JSON.stringify(version ?? '')}: expected 1.8 or newer` };
  return { argv: rest, io: { ...io, env: { ...io.env, MESH_COMPAT: version } } };
}

export const isCompatFlag = (word: string | undefined): boolean => word !== undefined && /^--?compat(=|$)/.test(word);
