import { type Decoded, list, map, object, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { nullable } from '../fields.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { reference } from './reference.ts';

const listener = object({
  Name: withDefault(string(), '', 'Listener of the api-gateway.'),
  Routes: nullable(list(reference), 'Routes that are bound to it.'),
  Certificates: nullable(list(reference), 'Certificates that were found.'),
});

const schema = object({
  Listeners: nullable(list(listener), 'Listeners of the gateway of the same name, with what is bound to them.'),
  Services: nullable(map(list(reference)), 'Services that it leads to, each with the routes that lead there.'),
});

export type BoundApiGateway = EntryBase & Decoded<typeof schema>;

/** What became of an api-gateway: the agent keeps it up to date. */
export const boundApiGateway: EntryKind<BoundApiGateway> = {
  kind: 'bound-api-gateway',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate: () => [],
  references: () => [],
  readOnly: 'only writeable by controller',
};
