import { MeshError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { AppliedBlueprint, State } from '../../blueprints/state.ts';
import type { Selection } from '../rpc/protocol.ts';

/** Ids of the applied blueprints that are meant; none if none of them is applied. */
export function select({ ids, names }: Selection, { blueprints }: State): string[] {
  const known = [...blueprints.values()];
  const byId = ids.filter((id) => blueprints.has(id));
  return byId.length > 0 ? byId : known.filter((blueprint) => names.includes(blueprint.name)).map((blueprint) => blueprint.id);
}

/** The applied blueprints that are meant. Rejects if there are none: what is not applied can't be changed. */
export function selectApplied(selection: Selection | 'all', state: State): AppliedBlueprint[] {
  const known = [...state.blueprints.values()];
  if (known.length === 0) throw new MeshError('failed', 'nothing is applied', { hint: 'mesh run <blueprint>' });
  if (selection === 'all') return known;
  const ids = select(selection, state);
  if (ids.length > 0) return known.filter(({ id }) => ids.includes(id));
  const name = selection.names[0] ?? '';
  const names = known.map((blueprint) => blueprint.name);
  throw new MeshError('failed', `${name} is not applied`, { hint: `there are: ${names.join(', ')}`, ...didYouMean(name, names) });
}
