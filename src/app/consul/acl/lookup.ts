import { type ApiClient, unexpected } from '../client.ts';
import { parseJson } from '../json.ts';
import type { Policy, Role, Token } from './model.ts';

/** IDs may be shortened as long as they name one. Rejects with an Error in Consul's words. */
const FULL = 36;

interface Listed {
  readonly id: string;
  readonly name: string;
}

async function resolve(what: string, partial: string, list: () => Promise<readonly Listed[]>): Promise<string> {
  if (partial.length === FULL) return partial;
  const found = (await list()).filter(({ id }) => id.startsWith(partial));
  if (found.length > 1) throw new Error(`Partial ${what} ID is not unique`);
  if (!found[0]) throw new Error(`No such ${what} ID with prefix: ${partial}`);
  return found[0].id;
}

async function list<T>(api: ApiClient, path: string): Promise<readonly T[]> {
  return parseJson<readonly T[] | null>(await api.expectOk('GET', path)) ?? [];
}

const policies = async (api: ApiClient): Promise<Listed[]> =>
  (await list<Policy>(api, '/v1/acl/policies')).map(({ ID, Name }) => ({ id: ID, name: Name }));

export const tokenId = (api: ApiClient, partial: string): Promise<string> =>
  resolve('token', partial, async () => (await list<Token>(api, '/v1/acl/tokens')).map(({ AccessorID }) => ({ id: AccessorID, name: '' })));

export const policyId = (api: ApiClient, partial: string): Promise<string> => resolve('policy', partial, () => policies(api));

export const roleId = (api: ApiClient, partial: string): Promise<string> =>
  resolve('role', partial, async () => (await list<Role>(api, '/v1/acl/roles')).map(({ ID, Name }) => ({ id: ID, name: Name })));

export const bindingRuleId = (api: ApiClient, partial: string): Promise<string> =>
  resolve('rule', partial, async () => (await list<{ ID: string }>(api, '/v1/acl/binding-rules')).map(({ ID }) => ({ id: ID, name: '' })));

export async function policyIdByName(api: ApiClient, name: string): Promise<string> {
  const found = (await policies(api)).find((policy) => policy.name === name);
  if (!found) throw new Error(`No such policy with name ${name}`);
  return found.id;
}

/** Undefined when there is none. */
export async function getIfPresent<T>(api: ApiClient, path: string): Promise<T | undefined> {
  const response = await api.send('GET', path);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(unexpected(response));
  return parseJson<T>(response.body);
}

export async function roleIdByName(api: ApiClient, name: string): Promise<string> {
  const role = await getIfPresent<Role>(api, `/v1/acl/role/name/${encodeURIComponent(name)}`);
  if (!role) throw new Error(`No such role with name ${name}`);
  return role.ID;
}
