import { MeshError } from '../../base/errors.ts';
import type { AppliedBlueprint, State } from '../../blueprints/state.ts';
import { otherNames, selectFrom } from '../applied.ts';
import type { Selection } from '../rpc/protocol.ts';

/** Ids of the applied blueprints that are meant; none if none of them is applied. */
export function select(selection: Selection, { blueprints }: State): string[] {
  return selectFrom(selection, [...blueprints.values()]).map(({ id }) => id);
}

/** The applied blueprints that are meant. Rejects if there are none: what is not applied can't be changed. */
export function selectApplied(selection: Selection | 'all', state: State): AppliedBlueprint[] {
  const known = [...state.blueprints.values()];
  if (known.length === 0) throw new MeshError('failed', 'nothing is applied', { hint: 'mesh run <blueprint>' });
  if (selection === 'all') return known;
  const chosen = selectFrom(selection, known);
  if (chosen.length > 0) return chosen;
  const name = selection.names[0] ?? '';
  const names = known.map((blueprint) => blueprint.name);
  throw new MeshError('failed', `${name} is not applied`, otherNames(name, names));
}
