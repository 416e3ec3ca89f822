import type { ApiClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { parseJson } from '../json.ts';
import { DESCRIPTION, FORMAT, ID, META, NAME, NO_MERGE, ROLE_GRANTS } from './flags.ts';
import { print } from './format.ts';
import { nodeIdentities, policyLinks, serviceIdentities, templatedIn, templatedPolicies, templateSource } from './grants.ts';
import { getIfPresent, roleId } from './lookup.ts';
import { mergeLinks, mergeNodes, mergeServices, mergeTemplates } from './merge.ts';
import type { Grants, Role } from './model.ts';
import { roleJson, roleText } from './role-format.ts';

async function grantsOf(api: ApiClient, { io, flags }: CommandContext): Promise<Omit<Grants, 'Roles'>> {
  const policies = await policyLinks(api, flags.list('policy-name'), flags.list('policy-id'));
  return {
    Policies: policies,
    ServiceIdentities: serviceIdentities(flags.list('service-identity')),
    NodeIdentities: nodeIdentities(flags.list('node-identity')),
    ...templatedIn(await templatedPolicies(templateSource(flags), io)),
  };
}

export const roleCreate: Command = {
  name: 'acl role create',
  synopsis: 'Make a role',
  usage: ['-name NAME'],
  description: 'Makes a role: a name for policies, identities and templated policies together.',
  examples: ['acl role create -name operators -policy-name readers -service-identity web:dc1'],
  flags: [NAME('role'), DESCRIPTION, META, FORMAT, ...ROLE_GRANTS],
  run: async (context) => {
    const { io, flags, client } = context;
    const name = flags.string('name');
    if (!name) throw new UsageFailure("Missing require '-name' flag", 'err', { gap: false });
    const granting = ['policy-name', 'policy-id', 'service-identity', 'node-identity', 'templated-policy', 'templated-policy-file'];
    if (granting.every((flag) => flags.list(flag).length === 0))
      throw new Failure(
        isOldConsul(io)
          ? 'Cannot create a role without specifying -policy-name, -policy-id, -service-identity, or -node-identity at least once'
          : 'Cannot create a role without specifying -policy-name, -policy-id, -service-identity, -node-identity, -templated-policy-file or -templated-policy at least once',
      );
    const api = await client();
    const body = { Name: name, Description: flags.string('description') ?? '', ...(await grantsOf(api, context)) };
    const role = await attempt('Failed to create new role', api.expectOk('PUT', '/v1/acl/role', { body }).then(parseJson<Role>));
    print(io, flags, roleJson(role), () => roleText(role, flags.bool('meta')));
    return 0;
  },
};

export const roleUpdate: Command = {
  name: 'acl role update',
  synopsis: 'Change a role',
  usage: ['-id ID'],
  description: 'Adds to a role, or renames it. With -no-merge it is only what is given.',
  examples: [
    'acl role update -id fdabbcb5 -policy-name writers',
    'acl role update -id fdabbcb5 -no-merge -name operators -policy-name readers',
  ],
  flags: [ID('role'), NAME('role'), DESCRIPTION, META, FORMAT, NO_MERGE, ...ROLE_GRANTS],
  run: async (context) => {
    const { io, flags, client } = context;
    const partial = flags.string('id');
    if (!partial) throw new Failure('Cannot update a role without specifying the -id parameter');
    const api = await client();
    const id = await attempt('Error determining role ID', roleId(api, partial));
    const what = JSON.stringify(id);
    const path = `/v1/acl/role/${id}`;
    const given = await grantsOf(api, context);
    const [name, description] = [flags.string('name'), flags.string('description')];
    const before = flags.bool('no-merge') ? undefined : await attempt('Error when retrieving current role', getIfPresent<Role>(api, path));
    if (!before && !flags.bool('no-merge')) throw new Failure(`Role not found with ID ${what}`);
    const body = before
      ? { ...before, ...merged(before, given), ...(name ? { Name: name } : {}), ...(description ? { Description: description } : {}) }
      : { ID: id, Name: name ?? '', Description: description ?? '', ...given };
    const role = await attempt(`Error updating role ${what}`, api.expectOk('PUT', path, { body }).then(parseJson<Role>));
    print(io, flags, roleJson(role), () => roleText(role, flags.bool('meta')));
    return 0;
  },
};

function merged(before: Role, given: Omit<Grants, 'Roles'>): Grants {
  return {
    Policies: mergeLinks(before.Policies ?? [], given.Policies ?? []),
    ServiceIdentities: mergeServices(before.ServiceIdentities ?? [], given.ServiceIdentities ?? []),
    NodeIdentities: mergeNodes(before.NodeIdentities ?? [], given.NodeIdentities ?? []),
    ...templatedIn(mergeTemplates(before.TemplatedPolicies ?? [], given.TemplatedPolicies ?? [])),
  };
}
