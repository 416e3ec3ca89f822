import type { ApiClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import type { Flag } from '../flags.ts';
import { parseJson } from '../json.ts';
import { DESCRIPTION, FORMAT, ID, META, NAME, NO_MERGE } from './flags.ts';
import { print } from './format.ts';
import { textOf } from './input.ts';
import { tokenId } from './lookup.ts';
import type { Policy, Token } from './model.ts';
import { policyJson, policyText } from './policy-format.ts';
import { namePolicy } from './policy-read.ts';

const RULES: readonly Flag[] = [
  { name: 'rules', kind: 'string', value: 'string', doc: 'The rules, HCL or JSON; @file reads a file, - standard input.' },
  { name: 'valid-datacenter', kind: 'list', value: 'value', doc: 'Datacenter that it counts in. Repeatable.', completes: 'datacenter' },
];
const FROM_TOKEN: readonly Flag[] = [
  { name: 'from-token', kind: 'string', value: 'string', doc: 'Take the rules of a token of before 1.4.' },
  { name: 'token-secret', kind: 'bool', doc: '-from-token is a secret, not an accessor.' },
];

export const policyCreate: Command = {
  name: 'acl policy create',
  synopsis: 'Make a policy',
  usage: ['-name NAME'],
  description: 'Makes a policy: a name for rules.',
  examples: [
    'acl policy create -name readers -rules \'service_prefix "" { policy = "read" }\'',
    'acl policy create -name web -description "for web" -rules @web.hcl',
  ],
  flags: [NAME('policy'), DESCRIPTION, META, FORMAT, ...RULES, ...FROM_TOKEN],
  run: async (context) => {
    const { io, flags, client } = context;
    const name = flags.string('name');
    if (!name) throw new UsageFailure("Missing require '-name' flag", 'err', { gap: false });
    const from = flags.string('from-token');
    if (from && flags.string('rules')) throw new Failure('Cannot specify both -rules and -from-token');
    const api = await client();
    const rules = from ? await legacyRules(from, api, context) : await textOf(flags.string('rules') ?? '', io, 'Error loading rules');
    const body = {
      Name: name,
      Description: flags.string('description') ?? '',
      Rules: rules,
      ...datacenters(flags.list('valid-datacenter')),
    };
    const policy = await attempt('Failed to create new policy', api.expectOk('PUT', '/v1/acl/policy', { body }).then(parseJson<Policy>));
    print(io, flags, policyJson(policy), () => policyText(policy, flags.bool('meta')));
    return 0;
  },
};

export const policyUpdate: Command = {
  name: 'acl policy update',
  synopsis: 'Change a policy',
  usage: ['-id ID | -name NAME'],
  description: 'Gives a policy other rules, another name or description. What is not given stays, unless there is -no-merge.',
  examples: ['acl policy update -name web -rules @web.hcl', 'acl policy update -id fdabbcb5 -name web -description "for web"'],
  flags: [ID('policy'), NAME('policy'), DESCRIPTION, META, FORMAT, NO_MERGE, ...RULES],
  run: async ({ io, flags, client }) => {
    const named = namePolicy(flags);
    const api = await client();
    const id = await named(api);
    const rules = flags.string('rules');
    const text = rules === undefined ? undefined : await textOf(rules, io, 'Error loading rules');
    const path = `/v1/acl/policy/${id}`;
    const what = JSON.stringify(id);
    const empty = { ID: id, Name: '', Description: '', Rules: '' };
    const before = flags.bool('no-merge')
      ? empty
      : await attempt(`Error reading policy ${what}`, api.expectOk('GET', path).then(parseJson<Policy>));
    const body = {
      ...before,
      ...(flags.string('name') ? { Name: flags.string('name') } : {}),
      ...(flags.string('description') === undefined ? {} : { Description: flags.string('description') }),
      ...(text === undefined ? {} : { Rules: text }),
      ...datacenters(flags.list('valid-datacenter')),
    };
    const policy = await attempt(`Error updating policy ${what}`, api.expectOk('PUT', path, { body }).then(parseJson<Policy>));
    print(io, flags, policyJson(policy), () => policyText(policy, flags.bool('meta')));
    return 0;
  },
};

const datacenters = (names: readonly string[]): { readonly Datacenters?: readonly string[] } =>
  names.length > 0 ? { Datacenters: names } : {};

async function legacyRules(from: string, api: ApiClient, { io, flags }: CommandContext): Promise<string> {
  const given = (await textOf(from, io, 'Error loading rules')).trim();
  const secret = flags.bool('token-secret');
  const read = secret
    ? api.expectOk('GET', '/v1/acl/token/self', { headers: { 'X-Consul-Token': given } })
    : tokenId(api, given).then((id) => api.expectOk('GET', `/v1/acl/token/${id}`));
  const { Rules } = await attempt('Error loading rules', read.then(parseJson<Token>));
  if (!Rules) throw new Failure('Error loading rules: Token is not a legacy token with rules');
  return Rules;
}
