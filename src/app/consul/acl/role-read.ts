import type { ApiClient } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { FORMAT, ID, META, NAME } from './flags.ts';
import { print } from './format.ts';
import { getIfPresent, roleId, roleIdByName } from './lookup.ts';
import type { Role } from './model.ts';
import { roleJson, roleListText, roleText } from './role-format.ts';

export const roleList: Command = {
  name: 'acl role list',
  synopsis: 'List all roles',
  usage: [''],
  description: 'Lists all roles.',
  examples: ['acl role list', 'acl role list -format json'],
  flags: [META, FORMAT],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const answer = api.expectOk('GET', '/v1/acl/roles').then(parseJson<readonly Role[] | null>);
    const roles = (await attempt('Failed to retrieve the role list', answer)) ?? [];
    print(io, flags, roles.map(roleJson), () => roleListText(roles, flags.bool('meta')));
    return 0;
  },
};

export const roleRead: Command = {
  name: 'acl role read',
  synopsis: 'Show a role',
  usage: ['-id ID | -name NAME'],
  description: 'Shows one role.',
  examples: ['acl role read -name operators', 'acl role read -id fdabbcb5'],
  flags: [ID('role'), NAME('role'), META, FORMAT],
  run: async ({ io, flags, client }) => {
    const [id, name] = [flags.string('id'), flags.string('name')];
    if (!id && !name) throw new Failure('Must specify either the -id or -name parameters');
    const api = await client();
    const role = id ? await byId(api, id) : await byName(api, name!);
    print(io, flags, roleJson(role), () => roleText(role, flags.bool('meta')));
    return 0;
  },
};

async function byId(api: ApiClient, partial: string): Promise<Role> {
  const id = await attempt('Error determining role ID', roleId(api, partial));
  const role = await attempt(`Error reading role ${JSON.stringify(id)}`, getIfPresent<Role>(api, `/v1/acl/role/${id}`));
  if (!role) throw new Failure(`Role not found with ID ${JSON.stringify(id)}`);
  return role;
}

async function byName(api: ApiClient, name: string): Promise<Role> {
  const path = `/v1/acl/role/name/${encodeURIComponent(name)}`;
  const role = await attempt(`Error reading role ${JSON.stringify(name)}`, getIfPresent<Role>(api, path));
  if (!role) throw new Failure(`Role not found with name ${JSON.stringify(name)}`);
  return role;
}

export const roleDelete: Command = {
  name: 'acl role delete',
  synopsis: 'Delete a role',
  usage: ['-id ID | -name NAME'],
  description: 'Deletes a role. Tokens that have it lose what it granted.',
  examples: ['acl role delete -name operators'],
  flags: [ID('role'), NAME('role')],
  run: async ({ io, flags, client }) => {
    const [partial, name] = [flags.string('id'), flags.string('name')];
    if (!partial && !name) throw new Failure('Must specify the -id or -name parameters');
    const api = await client();
    const id = await attempt('Error determining role ID', partial ? roleId(api, partial) : roleIdByName(api, name!));
    await attempt(`Error deleting role ${JSON.stringify(id)}`, api.expectOk('DELETE', `/v1/acl/role/${id}`));
    io.out(`Role ${JSON.stringify(id)} deleted successfully\n`);
    return 0;
  },
};
