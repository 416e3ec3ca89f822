import type { ApiClient } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { parseJson } from '../json.ts';
import { FORMAT, ID, META, NAME } from './flags.ts';
import { print } from './format.ts';
import { policyId, policyIdByName } from './lookup.ts';
import type { Policy } from './model.ts';
import { policyJson, policyListText, policyText } from './policy-format.ts';

/** Throws a Failure when the flags name none. */
export function namePolicy(flags: FlagValues): (api: ApiClient) => Promise<string> {
  const [id, name] = [flags.string('id'), flags.string('name')];
  if (!id && !name) throw new Failure('Must specify either the -id or -name parameters');
  return (api) => attempt('Error determining policy ID', id ? policyId(api, id) : policyIdByName(api, name!));
}

export const policyList: Command = {
  name: 'acl policy list',
  synopsis: 'List all policies',
  usage: [''],
  description: 'Lists all policies, without their rules.',
  examples: ['acl policy list', 'acl policy list -format json'],
  flags: [META, FORMAT],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const answer = api.expectOk('GET', '/v1/acl/policies').then(parseJson<readonly Policy[] | null>);
    const policies = (await attempt('Failed to retrieve the policy list', answer)) ?? [];
    print(io, flags, policies.map(policyJson), () => policyListText(policies, flags.bool('meta')));
    return 0;
  },
};

export const policyRead: Command = {
  name: 'acl policy read',
  synopsis: 'Show a policy',
  usage: ['-id ID | -name NAME'],
  description: 'Shows one policy with its rules.',
  examples: ['acl policy read -name readers', 'acl policy read -id fdabbcb5 -meta'],
  flags: [ID('policy'), NAME('policy'), META, FORMAT],
  run: async ({ io, flags, client }) => {
    const named = namePolicy(flags);
    const api = await client();
    const id = await named(api);
    const answer = api.expectOk('GET', `/v1/acl/policy/${id}`).then(parseJson<Policy>);
    const policy = await attempt(`Error reading policy ${JSON.stringify(id)}`, answer);
    print(io, flags, policyJson(policy), () => policyText(policy, flags.bool('meta')));
    return 0;
  },
};

export const policyDelete: Command = {
  name: 'acl policy delete',
  synopsis: 'Delete a policy',
  usage: ['-id ID | -name NAME'],
  description: 'Deletes a policy. Tokens and roles that have it lose what it granted.',
  examples: ['acl policy delete -name readers'],
  flags: [ID('policy'), NAME('policy')],
  run: async ({ io, flags, client }) => {
    const named = namePolicy(flags);
    const api = await client();
    const id = await named(api);
    await attempt(`Error deleting policy ${JSON.stringify(id)}`, api.expectOk('DELETE', `/v1/acl/policy/${id}`));
    io.out(`Policy ${JSON.stringify(id)} deleted successfully\n`);
    return 0;
  },
};
