import type { Authorizer } from '../../acl/authorizer.ts';
import { PermissionDenied } from '../../acl/authorizer.ts';
import { CHAIN_KINDS } from '../../entries/chain-kinds.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { entryKind } from '../../entries/table.ts';

/** Which rights Consul asks for to read and to write a config entry of a kind. */

const ANYBODY_READS = ['proxy-defaults', 'mesh', 'sameness-group'];
const NAMED_AS_SERVICES = ['service-defaults', ...CHAIN_KINDS];
const GATEWAYS = ['ingress-gateway', 'terminating-gateway', 'api-gateway', 'bound-api-gateway'];

export function mayReadEntry(acl: Authorizer, kind: string, name: string): boolean {
  if (acl.unrestricted || ANYBODY_READS.includes(kind)) return true;
  if (kind === 'service-intentions') return acl.allows('intention', 'read', name);
  if (NAMED_AS_SERVICES.includes(kind) || GATEWAYS.includes(kind)) return acl.allows('service', 'read', name);
  // Sidecars read whose tokens they are to accept.
  return (kind === 'jwt-provider' && acl.allowsAny('service', 'write')) || acl.allows('mesh', 'read');
}

/** Throws a PermissionDenied. */
export function requireReadEntry(acl: Authorizer, kind: string, name: string): void {
  if (!mayReadEntry(acl, kind, name)) throw new PermissionDenied();
}

/** For a write and a delete. Whoever leads calls to other services must be able to see these. Throws a PermissionDenied. */
export function requireWriteEntry(acl: Authorizer, entry: EntryBase): void {
  const { Kind: kind, Name: name } = entry;
  const row = entryKind(kind);
  if (row?.readOnly !== undefined) throw new PermissionDenied(`Permission denied: ${row.readOnly}`);
  if (acl.unrestricted) return;
  if (kind === 'service-intentions') acl.require('intention', 'write', name);
  else if (NAMED_AS_SERVICES.includes(kind)) {
    acl.require('service', 'write', name);
    if (!CHAIN_KINDS.includes(kind)) return;
    for (const { service } of row?.references(entry) ?? []) if (service !== name) acl.require('service', 'read', service);
  } else acl.require('mesh', 'write');
}
