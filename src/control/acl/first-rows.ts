import { ANONYMOUS_TOKEN, BUILTIN_POLICIES, GLOBAL_MANAGEMENT_ID } from '../../acl/builtin.ts';
import { type AclPut, aclRow, tokenBySecret } from '../../catalog/acl.ts';
import type { AclToken } from '../../catalog/acl-rows.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Unindexed } from '../../catalog/types.ts';
import { aclHash } from './hash.ts';
import type { AclStore } from './store.ts';

/** What every cluster with ACLs has: Consul's own policies, the anonymous token, and the one that the configuration names. */
export async function ensureFirstRows(store: AclStore, initialManagement: string | undefined): Promise<void> {
  await store.write((s) => ({
    puts: [...missingPolicies(s, store.primary), ...missingTokens(s, store, initialManagement)],
    result: undefined,
  }));
}

/** A token with every right. */
export function managementToken(store: AclStore, secret: string, description: string): Unindexed<AclToken> {
  const Policies = [{ ID: GLOBAL_MANAGEMENT_ID }];
  return {
    AccessorID: store.uuid(),
    SecretID: secret,
    Description: description,
    Policies,
    Local: false,
    CreateTime: store.timestamp(),
    Hash: aclHash(description, Policies),
  };
}

function missingPolicies(s: Snapshot, primary: string): AclPut[] {
  return BUILTIN_POLICIES.flatMap((policy): AclPut[] => {
    const known = aclRow(s, primary, 'aclPolicies', policy.ID);
    if (known?.Rules === policy.Rules) return [];
    const { ID, Name, Description, Rules, parsed } = policy;
    // A user may have given it another name or description.
    const row = known ? { ...withoutIndexes(known), Rules, parsed } : { ID, Name, Description, Rules, parsed, Hash: aclHash(policy) };
    return [{ table: 'aclPolicies', row }];
  });
}

function withoutIndexes<T extends { CreateIndex: number; ModifyIndex: number }>(row: T): Omit<T, 'CreateIndex' | 'ModifyIndex'> {
  const { CreateIndex: _, ModifyIndex: __, ...bare } = row;
  return bare;
}

function missingTokens(s: Snapshot, store: AclStore, initialManagement: string | undefined): AclPut[] {
  const puts: AclPut[] = [];
  if (!aclRow(s, store.primary, 'aclTokens', ANONYMOUS_TOKEN.accessor)) {
    const Description = 'Anonymous Token';
    const { accessor: AccessorID, secret: SecretID } = ANONYMOUS_TOKEN;
    const row = { AccessorID, SecretID, Description, Local: false, CreateTime: store.timestamp(), Hash: aclHash(Description) };
    puts.push({ table: 'aclTokens', row });
  }
  if (initialManagement !== undefined && initialManagement !== '' && !tokenBySecret(s, store.primary, initialManagement)) {
    const row = managementToken(store, initialManagement, 'Initial Management Token');
    puts.push({ table: 'aclTokens', row }, { table: 'aclBootstrap', row: { accessor: row.AccessorID } });
  }
  return puts;
}
