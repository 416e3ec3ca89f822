import { Failure } from './command.ts';
import type { Flag, FlagValues } from './flags.ts';

export const KIND: Flag = {
  name: 'kind',
  kind: 'string',
  value: 'string',
  doc: 'Kind of the entry, such as service-defaults.',
  completes: 'entry-kind',
};
export const NAME: Flag = {
  name: 'name',
  kind: 'string',
  value: 'string',
  doc: 'Name of the entry: of most kinds, the name of a service.',
  completes: 'entry-name',
};

export const CAS: readonly Flag[] = [
  { name: 'cas', kind: 'bool', doc: 'Change nothing unless the entry is still at -modify-index; with index 0, unless there is none.' },
  { name: 'modify-index', kind: 'uint', value: 'uint', doc: 'ModifyIndex that the entry must have, with -cas.' },
];

/** Throws a Failure when the flag is missing or empty. */
export function required(flags: FlagValues, { name }: Flag): string {
  const value = flags.string(name);
  if (!value) throw new Failure(`Must specify the -${name} parameter`);
  return value;
}

/** The `cas` query parameter, if asked for. */
export function casQuery(flags: FlagValues): { readonly cas?: string } {
  return flags.bool('cas') ? { cas: String(flags.uint('modify-index')) } : {};
}
