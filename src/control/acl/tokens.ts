import { PermissionDenied } from '../../acl/authorizer.ts';
import { ANONYMOUS_TOKEN, RESERVED_PREFIX } from '../../acl/builtin.ts';
import { isReservedId, isUuid, uuidError } from '../../acl/names.ts';
import { formatDuration } from '../../base/duration.ts';
import { aclRow, tokenBySecret } from '../../catalog/acl.ts';
import type { AclToken } from '../../catalog/acl-rows.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Unindexed } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import { checkGrants, checkLinks, failed, type GivenGrants, type GivenLink } from './grants.ts';
import { aclHash } from './hash.ts';
import { isExpired } from './resolver.ts';
import type { AclStore } from './store.ts';

export interface GivenToken extends GivenGrants {
  readonly AccessorID: string;
  readonly SecretID: string;
  readonly Description: string;
  readonly Roles: readonly GivenLink[];
  readonly Local: boolean;
  readonly AuthMethod: string;
  /** RFC 3339; empty: none. */
  readonly ExpirationTime: string;
  /** Nanoseconds; 0: none. */
  readonly ExpirationTTL: number;
}

export const MIN_TOKEN_TTL_NS = 60e9;
export const MAX_TOKEN_TTL_NS = 24 * 3600e9;

/** Creates a token, with ids of its own unless some are given. */
export function createToken(store: AclStore, given: GivenToken, compat: Compat): Promise<AclToken> {
  return write(store, (s) => {
    checkNewId(s, store, 'AccessorID', given.AccessorID);
    checkNewId(s, store, 'SecretID', given.SecretID);
    if (given.AuthMethod !== '') throw failed('AuthMethod field is disallowed outside of Login');
    const CreateTime = store.timestamp();
    const ExpirationTime = expiry(store, given);
    const ids = { AccessorID: given.AccessorID || store.uuid(), SecretID: given.SecretID || store.uuid() };
    return tokenRow(s, store, given, compat, {
      ...ids,
      Local: given.Local,
      CreateTime,
      ...(ExpirationTime === undefined ? {} : { ExpirationTime }),
    });
  });
}

/** Changes what a token grants. Who it is, where and how long it lives stays. */
export function updateToken(store: AclStore, given: GivenToken, compat: Compat): Promise<AclToken> {
  return write(store, (s) => {
    const { AccessorID: id } = given;
    if (uuidError(id) !== undefined) throw failed(`Failed acl token lookup by accessor: failed acl token lookup: ${uuidError(id)}`);
    const known = liveToken(s, store, id);
    if (!known) throw failed(`Cannot find token ${JSON.stringify(id)}`);
    if (given.SecretID !== '' && given.SecretID !== known.SecretID) throw failed('Changing a tokens SecretID is not permitted');
    if (given.Local !== known.Local) throw failed(`cannot toggle local mode of ${id}`);
    if (given.AuthMethod !== '' && given.AuthMethod !== known.AuthMethod) throw failed(`Cannot change AuthMethod of ${id}`);
    const { ExpirationTime } = known;
    const moved = given.ExpirationTime !== '' && Date.parse(given.ExpirationTime) !== Date.parse(ExpirationTime ?? '');
    if (given.ExpirationTTL !== 0 || moved) throw failed(`Cannot change expiration time of ${id}`);
    return tokenRow(s, store, given, compat, known);
  });
}

/** A new token that grants what another does. */
export function cloneToken(store: AclStore, accessor: string, description: string, compat: Compat): Promise<AclToken> {
  return write(store, (s) => {
    const wrong = uuidError(accessor);
    if (wrong !== undefined) throw failed(`failed acl token lookup: ${wrong}`);
    const known = liveToken(s, store, accessor);
    if (!known) throw new PermissionDenied(compat === '1.8' ? 'ACL not found' : 'token does not exist: ACL not found');
    if (known.AuthMethod !== undefined) throw failed('Cannot clone a token created from an auth method');
    const { CreateIndex: _, ModifyIndex: __, ...row } = known;
    const Description = description === '' ? known.Description : description;
    const fresh = { AccessorID: store.uuid(), SecretID: store.uuid(), CreateTime: store.timestamp() };
    return { ...row, ...fresh, Description, Hash: aclHash(Description, row.Local, row.Policies, row.Roles) };
  });
}

/** False: there is no such token. `bearer` is the secret of who asks. */
export async function deleteToken(store: AclStore, accessor: string, bearer: string): Promise<boolean> {
  if (!isUuid(accessor)) throw failed('Accessor ID is missing or an invalid UUID');
  if (accessor === ANONYMOUS_TOKEN.accessor) throw failed('Delete operation not permitted on the anonymous token');
  return store.write((s) => {
    const known = aclRow(s, store.primary, 'aclTokens', accessor);
    if (known?.SecretID === bearer) throw failed("Deletion of the request's authorization token is not permitted");
    return known ? { removals: [{ table: 'aclTokens', key: known.AccessorID }], result: true } : { result: false };
  });
}

/** The token, unless it has expired. */
function liveToken(s: Snapshot, store: AclStore, accessor: string): AclToken | undefined {
  const token = aclRow(s, store.primary, 'aclTokens', accessor);
  return token && !isExpired(token, store.now()) ? token : undefined;
}

/** Commits one token, and gives it as it is stored. */
async function write(store: AclStore, build: (s: Snapshot) => Unindexed<AclToken>): Promise<AclToken> {
  const id = await store.write((s) => {
    const row = build(s);
    return { puts: [{ table: 'aclTokens', row }], result: row.AccessorID };
  });
  return aclRow(store.snapshot, store.primary, 'aclTokens', id)!;
}

type Kept = Pick<AclToken, 'AccessorID' | 'SecretID' | 'Local' | 'CreateTime'> & Pick<Partial<AclToken>, 'AuthMethod' | 'ExpirationTime'>;

function tokenRow(s: Snapshot, store: AclStore, given: GivenToken, compat: Compat, kept: Kept): Unindexed<AclToken> {
  const context = { s, primary: store.primary, compat, owner: 'token', local: kept.Local } as const;
  const grants = checkGrants(given, context);
  const Roles = checkLinks('role', given.Roles, context);
  const { AccessorID, SecretID, Local, CreateTime, AuthMethod, ExpirationTime } = kept;
  return {
    AccessorID,
    SecretID,
    Description: given.Description,
    ...grants,
    ...(Roles.length > 0 ? { Roles } : {}),
    Local,
    ...(AuthMethod === undefined ? {} : { AuthMethod }),
    ...(ExpirationTime === undefined ? {} : { ExpirationTime }),
    CreateTime,
    Hash: aclHash(given.Description, Local, grants, Roles),
  };
}

function checkNewId(s: Snapshot, store: AclStore, field: 'AccessorID' | 'SecretID', id: string): void {
  if (id === '') return;
  if (field === 'AccessorID' && uuidError(id) !== undefined)
    throw failed(`Failed acl token lookup by accessor: failed acl token lookup: ${uuidError(id)}`);
  if (!isUuid(id)) throw failed(`Invalid Token: ${field} is not a valid UUID`);
  const taken = aclRow(s, store.primary, 'aclTokens', id) ?? tokenBySecret(s, store.primary, id);
  if (taken) throw failed(`Invalid Token: ${field} is already in use`);
  if (isReservedId(id)) throw failed(`Invalid Token: UUIDs with the prefix ${JSON.stringify(RESERVED_PREFIX)} are reserved`);
}

function expiry(store: AclStore, { ExpirationTTL: ttl, ExpirationTime: time }: GivenToken): string | undefined {
  if (ttl < 0) throw failed(`Token Expiration TTL '${formatDuration(ttl)}' should be > 0`);
  if (ttl !== 0 && time !== '') throw failed('Token Expiration TTL and Expiration Time cannot both be set');
  if (ttl === 0 && time === '') return undefined;
  const in_ = ttl === 0 ? (Date.parse(time) - store.now()) * 1e6 : ttl;
  if (in_ < 0) throw failed('ExpirationTime cannot be before CreateTime');
  const limit = (what: 'more' | 'less', ns: number): string =>
    `ExpirationTime cannot be ${what} than ${formatDuration(ns)} in the future (was ${formatDuration(in_)})`;
  if (in_ > MAX_TOKEN_TTL_NS) throw failed(limit('more', MAX_TOKEN_TTL_NS));
  if (in_ < MIN_TOKEN_TTL_NS) throw failed(limit('less', MIN_TOKEN_TTL_NS));
  return store.timestamp(in_ / 1e6);
}
