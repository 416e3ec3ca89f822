import { type Decoded, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { limits, nullable } from '../fields.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { problem } from '../problem.ts';
import { parents, status, validateParents, withKind } from './reference.ts';
import { serviceTls } from './tls.ts';

const service = object({
  Name: withDefault(string(), '', 'The service.'),
  TLS: optional(serviceTls, 'A certificate of its own.'),
  Limits: optional(limits, 'Limits of connections.'),
});

const schema = object({
  Parents: parents,
  Services: nullable(list(service), 'Where connections go: one service.'),
  Status: withDefault(status, {}, 'Computed: whether the route is fit for use and bound.'),
});

export type TcpRoute = EntryBase & Decoded<typeof schema>;

export const tcpRoute: EntryKind<TcpRoute> = {
  kind: 'tcp-route',
  schema,
  normalize: (entry) => {
    const up = withKind(entry.Parents, 'api-gateway');
    return canonicalEntry({ ...entry, Status: {}, ...(up ? { Parents: up } : {}) }, schema);
  },
  validate: (entry) => [
    ...((entry.Services ?? []).length > 1 ? [problem('alone', 'Services[1]', 'tcp-route currently only supports one service')] : []),
    ...validateParents(entry.Parents),
    ...validateMeta(entry),
  ],
  references: (entry) => (entry.Services ?? []).map(({ Name }) => ({ service: Name })),
};
