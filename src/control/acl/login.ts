import { PermissionDenied } from '../../acl/authorizer.ts';
import { interpolate } from '../../acl/interpolate.ts';
import { messageOf } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { sortedByKey } from '../../base/order.ts';
import { aclRow, tokenBySecret } from '../../catalog/acl.ts';
import type { AclAuthMethod, AclToken } from '../../catalog/acl-rows.ts';
import type { Compat } from '../compatibility.ts';
import { HttpError } from '../http/answer.ts';
import type { Identity } from './auth/validator.ts';
import type { AuthMethods } from './auth-methods.ts';
import { bind } from './binding-rules.ts';
import { checkGrants, checkLinks, failed } from './grants.ts';
import { aclHash } from './hash.ts';
import { isExpired } from './resolver.ts';
import type { AclStore } from './store.ts';

export interface LoginRequest {
  readonly AuthMethod: string;
  readonly BearerToken: string;
  readonly Meta: Readonly<Record<string, string>>;
}

/** A token for whoever the bearer token speaks for. Throws a `PermissionDenied` when no binding rule is for them. */
export async function login(store: AclStore, methods: AuthMethods, request: LoginRequest, compat: Compat): Promise<AclToken> {
  const method = methods.find(request.AuthMethod);
  if (!method)
    throw new PermissionDenied(
      compat === '1.8' ? 'ACL not found' : `ACL not found: auth method ${JSON.stringify(request.AuthMethod)} not found`,
    );
  const validator = await methods.validator(method);
  // Its code is in a file of its own, with classes of its own: of an error only the message is known here.
  const identity = await validator.validate(request.BearerToken).catch((error: unknown) => {
    throw failed(messageOf(error));
  });
  const accessor = await store.write(async (s) => {
    const now = aclRow(s, store.primary, 'aclAuthMethods', method.Name);
    if (now?.ModifyIndex !== method.ModifyIndex)
      throw failed(`the auth method ${JSON.stringify(method.Name)} was changed meanwhile: log in again`);
    const bound = await bind(store, methods, method.Name, identity);
    const Local = method.TokenLocality !== 'global';
    const context = { s, primary: store.primary, compat, owner: 'token', local: Local } as const;
    const grants = checkGrants(bound, context);
    const Roles = checkLinks('role', bound.Roles, context);
    if (Object.keys(grants).length === 0 && Roles.length === 0) throw new PermissionDenied();
    const Description = describe(method, identity, request.Meta);
    const row = {
      AccessorID: store.uuid(),
      SecretID: store.uuid(),
      Description,
      ...grants,
      ...(Roles.length > 0 ? { Roles } : {}),
      Local,
      AuthMethod: method.Name,
      ...(method.MaxTokenTTL > 0 ? { ExpirationTime: store.timestamp(method.MaxTokenTTL / 1e6) } : {}),
      CreateTime: store.timestamp(),
      Hash: aclHash(Description, Local, grants, Roles),
    };
    return { puts: [{ table: 'aclTokens', row }], result: row.AccessorID };
  });
  return aclRow(store.snapshot, store.primary, 'aclTokens', accessor)!;
}

/** Ends a token that came by login, and no other. */
export async function logout(store: AclStore, secret: string, compat: Compat): Promise<void> {
  if (secret === '' && compat !== '1.8') throw new HttpError(401, 'Supplied token does not exist');
  await store.write((s) => {
    const token = tokenBySecret(s, store.primary, secret);
    if (!token || isExpired(token, store.now()))
      throw new PermissionDenied(compat === '1.8' ? 'ACL not found' : 'token does not exist: ACL not found');
    if (token.AuthMethod === undefined) throw new PermissionDenied();
    return { removals: [{ table: 'aclTokens', key: token.AccessorID }], result: undefined };
  });
}

function describe({ Name, Type, TokenNameFormat }: AclAuthMethod, { values }: Identity, meta: Readonly<Record<string, string>>): string {
  const shown = Object.keys(meta).length === 0 ? '' : `: ${goJson(sortedByKey(meta))}`;
  if (TokenNameFormat === undefined) return `token created via login${shown}`;
  const made = interpolate(TokenNameFormat, new Map([...values, ['auth_method_name', Name], ['auth_method_type', Type]]));
  if (!made.ok) throw failed(`invalid TokenNameFormat: ${made.error}`);
  return `${made.value}${shown}`;
}
