/** What ACL rules speak of. */
export type AclResource =
  | 'acl'
  | 'agent'
  | 'event'
  | 'identity'
  | 'intention'
  | 'key'
  | 'keyring'
  | 'mesh'
  | 'node'
  | 'operator'
  | 'peering'
  | 'query'
  | 'service'
  | 'session';

/** `list` exists for keys only. */
export type AclAccess = 'read' | 'write' | 'list';

/** What the bearer of one token may do. */
export interface Authorizer {
  /** It may do everything: nothing needs to be filtered. */
  readonly unrestricted: boolean;
  /** `name` is that of the node, service, key …; resources without names (acl, keyring, mesh, operator, peering) have none. */
  allows(resource: AclResource, access: AclAccess, name?: string): boolean;
  /** Whether it may read, or write, everything below a prefix of keys, or every service. */
  allowsAll(resource: AclResource, access: AclAccess, prefix?: string): boolean;
  /** Whether there is one that it may read, or write. */
  allowsAny(resource: AclResource, access: AclAccess): boolean;
  /** The items that may be seen. The answer then says that others were left out. */
  filter<T>(items: readonly T[], allowed: (item: T) => boolean): readonly T[];
  /** Throws a `PermissionDenied` unless `allows`. */
  require(resource: AclResource, access: AclAccess, name?: string): void;
}

/** 403 in the HTTP API. The message is Consul's. */
export class PermissionDenied extends Error {
  constructor(message = 'Permission denied') {
    super(message);
  }
}

/** ACLs are off. */
export const ALLOW_ALL: Authorizer = {
  unrestricted: true,
  allows: () => true,
  allowsAll: () => true,
  allowsAny: () => true,
  filter: (items) => items,
  require: () => undefined,
};
