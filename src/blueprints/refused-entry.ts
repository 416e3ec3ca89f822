import { MeshError, messageOf } from '../base/errors.ts';
import type { ApplyContext } from './context.ts';

/** Says of an entry that the registry refuses where it is written: Consul's words alone name services and no blocks. */
export function refusedAt(key: string, context: ApplyContext): (error: unknown) => never {
  return (error) => {
    if (error instanceof MeshError) throw error;
    const { definedAt } = context.record(key);
    throw new MeshError('incomplete', `${messageOf(error)} (${key}, ${definedAt})`, { cause: error });
  };
}
