import { MeshError } from '../base/errors.ts';
import { withoutGeneration } from '../base/generation.ts';
import { shellWord } from '../base/shell-word.ts';
import { didYouMean } from '../base/suggest.ts';
import type { RunningResource } from '../blueprints/loaded.ts';
import type { State } from '../blueprints/state.ts';
import type { Selection } from './rpc/protocol.ts';

/** What is applied, as a command sees it that reads a blueprint. */
export interface Applied {
  readonly blueprints: readonly { readonly id: string; readonly name: string }[];
  readonly resources: readonly RunningResource[];
}

/** `claimed`: by virtual address, who has it (`container.web`, `k8s_config.web (pod web-0)`). Pure. */
export function appliedIn(state: State, claimed: ReadonlyMap<string, { readonly owner: string }>): Applied {
  const addresses = new Map<string, string[]>();
  for (const [address, { owner }] of claimed) {
    const key = withoutGeneration(owner.split(' ', 1)[0]!);
    addresses.set(key, [...(addresses.get(key) ?? []), withoutGeneration(address)]);
  }
  return {
    blueprints: Array.from(state.blueprints.values(), ({ id, name }) => ({ id, name })),
    // One that makes room for another of its name is as good as gone.
    resources: [...state.resources.values()]
      .filter(({ outgoing }) => !outgoing)
      .map(({ resource: { key, type, spec }, owners, status, tainted, reservation: reserved, created }) => ({
        key,
        type,
        spec,
        ...(status !== 'created' || tainted ? { stale: true as const } : { made: { reserved, created } }),
        owners: owners.map((id) => ({ id, name: state.blueprints.get(id)?.name ?? id })),
        addresses: addresses.get(key) ?? [],
      })),
  };
}

/** Those that are meant: by id, and by name where no id is known. Throws if it is the name of several. */
export function selectFrom<T extends { readonly id: string; readonly name: string }>({ ids, names }: Selection, known: readonly T[]): T[] {
  const byId = known.filter(({ id }) => ids.includes(id));
  if (byId.length > 0) return byId;
  const byName = known.filter(({ name }) => names.includes(name));
  if (byName.length < 2) return byName;
  throw new MeshError('usage', `${byName.length} blueprints that run are called ${byName[0]!.name}`, {
    hint: `name the folder of one: ${byName.map(({ id }) => shellWord(id)).join(' or ')}`,
  });
}

/** What to say of a name that is not among those that there are. */
export function otherNames(wanted: string, names: readonly string[]): { hint?: string } {
  return names.length === 0 ? {} : { hint: `there are: ${names.join(', ')}`, ...didYouMean(wanted, names) };
}
