import { isRoleName, uuidError } from '../../acl/names.ts';
import { aclRow, aclRows } from '../../catalog/acl.ts';
import type { AclRole } from '../../catalog/acl-rows.ts';
import type { Compat } from '../compatibility.ts';
import { checkGrants, failed, type GivenGrants, named } from './grants.ts';
import { aclHash } from './hash.ts';
import type { AclStore } from './store.ts';

export interface GivenRole extends GivenGrants {
  /** Empty: a new one. */
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
}

/** Creates a role, or changes one. */
export async function writeRole(store: AclStore, given: GivenRole, compat: Compat): Promise<AclRole> {
  const id = await store.write((s) => {
    const { ID, Name, Description } = given;
    if (Name === '') throw failed('Invalid Role: no Name is set');
    if (!isRoleName(Name)) throw failed("Invalid Role: invalid Name. Only alphanumeric characters, '-' and '_' are allowed");
    if (ID !== '' && uuidError(ID) !== undefined) throw failed('Role ID invalid UUID');
    const known = ID === '' ? undefined : aclRow(s, store.primary, 'aclRoles', ID);
    if (ID !== '' && !known) throw failed(`cannot find role ${ID}`);
    const twin = named(aclRows(s, store.primary, 'aclRoles'), Name);
    if (twin && twin.ID !== known?.ID) throw failed(`Invalid Role: A Role with Name ${JSON.stringify(Name)} already exists`);
    const grants = checkGrants(given, { s, primary: store.primary, compat, owner: 'role', local: false });
    const row = { ID: known?.ID ?? store.uuid(), Name, Description, ...grants, Hash: aclHash(Name, Description, grants) };
    return { puts: [{ table: 'aclRoles', row }], result: row.ID };
  });
  return aclRow(store.snapshot, store.primary, 'aclRoles', id)!;
}

/** False: there is no such role. */
export function deleteRole(store: AclStore, id: string): Promise<boolean> {
  return store.write((s) => {
    const wrong = uuidError(id);
    if (wrong !== undefined) throw failed(`failed acl role lookup: ${wrong}`);
    const known = aclRow(s, store.primary, 'aclRoles', id);
    return known ? { removals: [{ table: 'aclRoles', key: known.ID }], result: true } : { result: false };
  });
}
