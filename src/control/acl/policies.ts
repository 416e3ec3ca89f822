import { GLOBAL_MANAGEMENT_ID, GLOBAL_READ_ONLY_ID, RESERVED_PREFIX } from '../../acl/builtin.ts';
import { isPolicyName, isReservedId, uuidError } from '../../acl/names.ts';
import { aclRow, aclRows } from '../../catalog/acl.ts';
import type { AclPolicy } from '../../catalog/acl-rows.ts';
import { failed, named } from './grants.ts';
import { aclHash } from './hash.ts';
import { parseRules } from './rule-text.ts';
import type { AclStore } from './store.ts';

export interface GivenPolicy {
  /** Empty: a new one. */
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  readonly Rules: string;
  readonly Datacenters: readonly string[];
}

/** Creates a policy, or changes one. Tokens that link to it follow. */
export async function writePolicy(store: AclStore, given: GivenPolicy): Promise<AclPolicy> {
  const id = await store.write(async (s) => {
    const { ID, Name, Description, Rules, Datacenters } = given;
    if (Name === '') throw failed('Invalid Policy: no Name is set');
    const known = ID === '' ? undefined : aclRow(s, store.primary, 'aclPolicies', ID);
    const isBuiltin = known !== undefined && (ID === GLOBAL_MANAGEMENT_ID || ID === GLOBAL_READ_ONLY_ID);
    if (!isPolicyName(Name) && !(isBuiltin && Name === known.Name))
      throw failed("Invalid Policy: invalid Name. Only alphanumeric characters, '-' and '_' are allowed");
    if (ID !== '' && uuidError(ID) !== undefined) throw failed('Policy ID invalid UUID');
    if (ID !== '' && !known) throw failed(`cannot find policy ${ID}`);
    const twin = named(aclRows(s, store.primary, 'aclPolicies'), Name);
    if (twin && twin.ID !== known?.ID) throw failed(`Invalid Policy: A Policy with Name ${JSON.stringify(Name)} already exists`);
    if (isBuiltin && Datacenters.length > 0) throw failed(`Changing the Datacenters of the builtin ${known.Name} policy is not permitted`);
    if (isBuiltin && Rules !== known.Rules) throw failed(`Changing the Rules for the builtin ${known.Name} policy is not permitted`);
    if (ID === GLOBAL_READ_ONLY_ID && Name !== known?.Name)
      throw failed(`Changing the Name of the builtin ${known?.Name} policy is not permitted`);
    const read = isBuiltin ? { ok: true as const, value: known.parsed } : await parseRules(Rules);
    if (!read.ok) throw failed(read.error);
    const row = {
      ID: known?.ID ?? freshId(store),
      Name,
      Description,
      Rules,
      ...(Datacenters.length > 0 ? { Datacenters } : {}),
      Hash: aclHash(Name, Description, Rules, Datacenters),
      parsed: read.value,
    };
    return { puts: [{ table: 'aclPolicies', row }], result: row.ID };
  });
  return aclRow(store.snapshot, store.primary, 'aclPolicies', id)!;
}

/** False: there is no such policy. Tokens and roles that link to it lose what it granted. */
export function deletePolicy(store: AclStore, id: string): Promise<boolean> {
  return store.write((s) => {
    const wrong = uuidError(id);
    if (wrong !== undefined) throw failed(`failed acl policy lookup: ${wrong}`);
    const known = aclRow(s, store.primary, 'aclPolicies', id);
    if (!known) return { result: false };
    if (isReservedId(known.ID)) throw failed(`Delete operation not permitted on the builtin ${known.Name} policy`);
    return { removals: [{ table: 'aclPolicies', key: known.ID }], result: true };
  });
}

/** Never one of Consul's own. */
function freshId(store: AclStore): string {
  for (;;) {
    const id = store.uuid();
    if (!id.startsWith(RESERVED_PREFIX)) return id;
  }
}
