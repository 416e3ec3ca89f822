import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PermissionDenied } from '../../acl/authorizer.ts';
import { isReservedId, isUuid } from '../../acl/names.ts';
import { systemCode } from '../../base/errors.ts';
import { aclRow } from '../../catalog/acl.ts';
import type { AclToken } from '../../catalog/acl-rows.ts';
import { HttpError } from '../http/answer.ts';
import type { Acls } from './acls.ts';
import { managementToken } from './first-rows.ts';
import { failed } from './grants.ts';

/**
 * The first management token, once. Whoever has lost it may have another by writing the reset index that the refusal names
 * into the file `acl-bootstrap-reset` of the agent's folder. `secret`: the one that it is to have, or ''.
 */
export async function bootstrap(acls: Acls, secret: string): Promise<AclToken> {
  const { store } = acls;
  if (secret !== '' && !isUuid(secret)) throw new HttpError(400, 'invalid token provided; token must be a UUID');
  if (isReservedId(secret)) throw failed('the provided token is reserved');
  const file = acls.dir === undefined ? undefined : join(acls.dir, 'acl-bootstrap-reset');
  const accessor = await store.write(async (s) => {
    const done = aclRow(s, store.primary, 'aclBootstrap', '');
    if (done) await requireReset(file, done.ModifyIndex);
    const row = managementToken(store, secret === '' ? store.uuid() : secret, 'Bootstrap Token (Global Management)');
    const puts = [
      { table: 'aclTokens', row },
      { table: 'aclBootstrap', row: { accessor: row.AccessorID } },
    ] as const;
    return { puts, result: row.AccessorID };
  });
  // It allows it once.
  if (file !== undefined) await rm(file, { force: true });
  return aclRow(store.snapshot, store.primary, 'aclTokens', accessor)!;
}

async function requireReset(file: string | undefined, index: number): Promise<void> {
  const given = file === undefined ? 0 : await readIndex(file);
  const refused = (text: string): PermissionDenied => new PermissionDenied(`Permission denied: ${text}`);
  if (given === 0) throw refused(`ACL bootstrap no longer allowed (reset index: ${index})`);
  if (given !== index) throw refused(`Invalid bootstrap reset index (specified ${given}, reset index: ${index})`);
}

async function readIndex(file: string): Promise<number> {
  try {
    return Number.parseInt(await readFile(file, 'utf8'), 10) || 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
