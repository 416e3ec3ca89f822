import { bool, type Decoded, list, object, optional, string } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { nullable } from './fields.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { problem } from './problem.ts';

const schema = object({
  DefaultForFailover: optional(bool(), 'Services without a failover of their own use it.'),
  IncludeLocal: optional(bool(), 'The own partition is a member.'),
  Members: nullable(
    list(object({ Partition: optional(string(), 'A partition.'), Peer: optional(string(), 'A cluster peer.') })),
    'Where the same services run.',
  ),
});

export type SamenessGroup = EntryBase & Decoded<typeof schema>;

/** Read, so that a mistake in it is named; and refused, as Consul's community edition does. */
export const samenessGroup: EntryKind<SamenessGroup> = {
  kind: 'sameness-group',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate: () => [problem('alone', 'Kind', 'sameness-groups are an enterprise-only feature')],
  references: () => [],
};
