import type { Io } from '../io.ts';

/** Whose texts and JSON a command prints where Consul 1.8 and newer ones differ: `-compat 1.8` before the command, or MESH_COMPAT. */
export function isOldConsul({ env }: Pick<Io, 'env'>): boolean {
  return env['MESH_COMPAT'] === '1.8';
}
