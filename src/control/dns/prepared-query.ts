import { type Authorizer, PermissionDenied } from '../../acl/authorizer.ts';
import { parseDuration } from '../../base/duration.ts';
import type { Random } from '../../base/ports.ts';
import { executePreparedQuery } from '../../catalog/execute-query.ts';
import { resolveQuery } from '../../catalog/prepared-queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { DnsWorld } from '../../dns/world.ts';

export interface QuerySource {
  snapshot(): Snapshot;
  /** Name of the node that answers. */
  node(): string;
  /** Of whoever asks by DNS. */
  acl(): Pick<Authorizer, 'allows'>;
  /** Of the token that a query has. Throws a `PermissionDenied` when it is none. */
  authorizer(secret: string): Authorizer;
  readonly random: Random;
}

/** Executes prepared queries for DNS: with the rights of their token, or of DNS, and with their own TTL. */
export function preparedQueriesOf(source: QuerySource): DnsWorld['preparedQuery'] {
  return (name, dc) => {
    const snapshot = source.snapshot();
    const { query } = { query: undefined, ...resolveQuery(snapshot, dc, name) };
    if (!query) return undefined;
    const acl = aclOf(query.Token, source);
    const { instances, datacenter } = executePreparedQuery(snapshot, dc, query, {
      ownNode: source.node(),
      random: () => source.random.next(),
      mayRead: ({ node, service }) => acl.allows('node', 'read', node.Node) && acl.allows('service', 'read', service.Service),
    });
    const ttl = parseDuration(query.DNS.TTL);
    return { instances, datacenter, ttl: ttl.ok ? Math.floor(ttl.ns / 1e9) : undefined };
  };
}

/** A token that is gone has no rights: its query finds nothing. */
function aclOf(secret: string, source: QuerySource): Pick<Authorizer, 'allows'> {
  if (secret === '') return source.acl();
  try {
    return source.authorizer(secret);
  } catch (error) {
    if (error instanceof PermissionDenied) return { allows: () => false };
    throw error;
  }
}
