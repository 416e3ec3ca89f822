import { RESERVED_PREFIX } from './builtin.ts';

export const isPolicyName = (name: string): boolean => /^[A-Za-z0-9\-_]{1,128}$/.test(name);
export const isRoleName = (name: string): boolean => /^[A-Za-z0-9\-_]{1,256}$/.test(name);
export const isAuthMethodName = isPolicyName;

/** Of services and nodes in identities: stricter than the catalog, which takes anything. */
export const isIdentityName = (name: string): boolean => name.length <= 256 && /^[a-z0-9]([a-z0-9\-_]*[a-z0-9])?$/.test(name);

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Ids that only Consul gives. */
export const isReservedId = (id: string): boolean => id.startsWith(RESERVED_PREFIX);

/** What Consul's store says of an id that is none; undefined for one that may be. */
export function uuidError(id: string): string | undefined {
  if (id.length !== 36) return 'index error: UUID must be 36 characters';
  return isUuid(id) ? undefined : `index error: Invalid UUID element ${JSON.stringify(id)}`;
}
