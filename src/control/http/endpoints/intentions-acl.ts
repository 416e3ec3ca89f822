import type { Authorizer } from '../../../acl/authorizer.ts';
import type { Intention } from '../../../catalog/intentions.ts';

/** Consul: who may read the intentions of either end sees it. */
export function mayReadIntention(acl: Authorizer, { source, destination }: Pick<Intention, 'source' | 'destination'>): boolean {
  return acl.allows('intention', 'read', destination) || acl.allows('intention', 'read', source);
}
