import { ACL_TABLES, type AclRows, type AclToken } from './acl-rows.ts';
import type { Change } from './change.ts';
import type { Datacenter } from './datacenter.ts';
import { changeKeys } from './keys.ts';
import type { OrderedMap } from './ordered-map.ts';
import type { QueryResult } from './queries.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { ChangeKey, Unindexed } from './types.ts';

/** The tables that are written; secrets follow from tokens. */
export type AclTable = Exclude<keyof AclRows, 'aclSecrets'>;

export type AclPut = { readonly [T in AclTable]: { readonly table: T; readonly row: Unindexed<AclRows[T]> } }[AclTable];

export interface AclRemoval {
  readonly table: AclTable;
  readonly key: string;
}

/**
 * Any change of tokens, policies, roles, auth methods and binding rules. Who makes it has looked at these tables as they were
 * at `seen`, and it takes place only while they are so: names that must not be there twice, links that must lead somewhere.
 */
export interface AclOp {
  readonly type: 'acl';
  readonly dc: string;
  /** `aclIndex` of what it is based on. */
  readonly seen: number;
  readonly puts?: readonly AclPut[];
  readonly removals?: readonly AclRemoval[];
}

/** At which the ACL tables last changed; 0: never. */
export function aclIndex(s: Snapshot, dc: string): number {
  return indexIn(datacenter(s, dc));
}

export function applyAcl(change: Change, op: AclOp): boolean {
  if (indexIn(change.tables) !== op.seen) return false;
  for (const { table, key } of op.removals ?? []) {
    if (table === 'aclTokens') dropSecret(change, key);
    change.remove(table, keyIn(key), touched(op.dc, table));
  }
  for (const put of op.puts ?? []) {
    const { table, row } = put;
    if (table === 'aclTokens') putSecret(change, row);
    change.put(table, keyIn(rowKey(put)), row, touched(op.dc, table));
  }
  return true;
}

/** The tables without anything else: what stays of a datacenter that is removed. ACLs are the agent's, not a blueprint's. */
export function onlyAcl(tables: Datacenter, empty: Datacenter): Datacenter | undefined {
  if (tables.aclPolicies.size === 0) return undefined;
  const kept = Object.fromEntries(ACL_TABLES.map((table) => [table, tables[table]]));
  const indexes = [...tables.indexes].filter(
    ([name]) => name === 'acl' || (ACL_TABLES as readonly string[]).some((table) => name === table.toLowerCase()),
  );
  return { ...empty, ...kept, indexes: indexes.reduce((all, [name, index]) => all.set(name, index), empty.indexes) };
}

export function aclRow<T extends AclTable>(s: Snapshot, dc: string, table: T, key: string): AclRows[T] | undefined {
  return rowsOf(datacenter(s, dc), table).get(keyIn(key));
}

/** All rows of a table, by key. */
export function aclRows<T extends AclTable>(s: Snapshot, dc: string, table: T): AclRows[T][] {
  return [...rowsOf(datacenter(s, dc), table).values()];
}

/** The token with this secret, whether it has expired or not. */
export function tokenBySecret(s: Snapshot, dc: string, secret: string): AclToken | undefined {
  const d = datacenter(s, dc);
  const found = d.aclSecrets.get(secret);
  return found && d.aclTokens.get(keyIn(found.accessor));
}

/** A value of these tables as a query answers it. */
export function aclQuery<T>(s: Snapshot, dc: string, table: AclTable, value: T): QueryResult<T> {
  const index = datacenter(s, dc).indexes.get(table.toLowerCase()) ?? 1;
  // Answers name what tokens and roles link to: a new name of that is a new answer.
  return { value, index, watch: [changeKeys.all(dc, 'acl')] };
}

const indexIn = (tables: Datacenter): number => tables.indexes.get('acl') ?? 0;
const keyIn = (key: string): string => key.toLowerCase();
const rowsOf = <T extends AclTable>(d: Datacenter, table: T): OrderedMap<AclRows[T]> => d[table] as unknown as OrderedMap<AclRows[T]>;

function touched(dc: string, table: AclTable): { keys: ChangeKey[]; indexes: string[] } {
  return { keys: [`${changeKeys.all(dc, 'acl')}/${table}`], indexes: ['acl', table] };
}

function rowKey(put: AclPut): string {
  switch (put.table) {
    case 'aclTokens':
      return put.row.AccessorID;
    case 'aclAuthMethods':
      return put.row.Name;
    case 'aclBootstrap':
      return '';
    case 'aclPolicies':
    case 'aclRoles':
    case 'aclBindingRules':
      return put.row.ID;
  }
}

function putSecret(change: Change, token: Unindexed<AclToken>): void {
  const previous = change.tables.aclTokens.get(keyIn(token.AccessorID));
  if (previous && previous.SecretID !== token.SecretID) dropSecret(change, token.AccessorID);
  change.put('aclSecrets', token.SecretID, { accessor: token.AccessorID }, { keys: [] });
}

function dropSecret(change: Change, accessor: string): void {
  const token = change.tables.aclTokens.get(keyIn(accessor));
  if (token) change.remove('aclSecrets', token.SecretID, { keys: [] });
}
