import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import type { Flag } from '../flags.ts';
import { parseJson } from '../json.ts';
import { bindingRuleJson, bindingRuleText } from './binding-rule-format.ts';
import { DESCRIPTION, FORMAT, ID, META, NO_MERGE } from './flags.ts';
import { print } from './format.ts';
import { bindingRuleId, getIfPresent } from './lookup.ts';
import type { BindingRule } from './model.ts';

/** As rules are written. */
const VARIABLE = `\${value.project}`;

const SETTINGS: readonly Flag[] = [
  { name: 'bind-type', kind: 'string', value: 'string', doc: 'What a login gets: service, node, role, policy or templated-policy.' },
  { name: 'bind-name', kind: 'string', value: 'string', doc: `Its name; ${VARIABLE} stands for what the login proved.` },
  { name: 'bind-vars', kind: 'list', value: 'value', doc: 'Variable of a templated policy: name=value. Repeatable.' },
  { name: 'selector', kind: 'string', value: 'string', doc: 'Which logins it is for: a filter expression.' },
];

function variables({ flags }: CommandContext): { readonly BindVars?: { readonly Name: string } } {
  const given = Object.fromEntries(flags.list('bind-vars').map((pair) => pair.split(/=(.*)/s)));
  const name: unknown = given['name'] ?? given['Name'];
  return typeof name === 'string' ? { BindVars: { Name: name } } : {};
}

export const bindingRuleCreate: Command = {
  name: 'acl binding-rule create',
  synopsis: 'Make a binding rule',
  usage: ['-method METHOD -bind-name NAME'],
  description: 'Says what a login with an auth method gets.',
  examples: [`acl binding-rule create -method ci -bind-type service -bind-name 'deploy-${VARIABLE}' -selector 'value.branch==main'`],
  flags: [
    { name: 'method', kind: 'string', value: 'string', doc: 'Name of the auth method.', completes: 'auth-method' },
    DESCRIPTION,
    META,
    FORMAT,
    ...SETTINGS,
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const method = flags.string('method');
    if (!method) throw new UsageFailure("Missing required '-method' flag", 'err', { gap: false });
    const type = flags.string('bind-type') ?? 'service';
    if (type === '') throw new UsageFailure("Missing required '-bind-type' flag", 'err', { gap: false });
    if (!flags.string('bind-name')) throw new UsageFailure("Missing required '-bind-name' flag", 'err', { gap: false });
    const api = await client();
    const body = {
      AuthMethod: method,
      Description: flags.string('description') ?? '',
      BindType: type,
      BindName: flags.string('bind-name'),
      ...variables(context),
      Selector: flags.string('selector') ?? '',
    };
    const answer = api.expectOk('PUT', '/v1/acl/binding-rule', { body }).then(parseJson<BindingRule>);
    const rule = await attempt('Failed to create new binding rule', answer);
    print(io, flags, bindingRuleJson(rule), () => bindingRuleText(rule, flags.bool('meta')));
    return 0;
  },
};

export const bindingRuleUpdate: Command = {
  name: 'acl binding-rule update',
  synopsis: 'Change a binding rule',
  usage: ['-id ID'],
  description: 'Changes what is given of a binding rule; with -no-merge the rest is emptied.',
  examples: ['acl binding-rule update -id 43cb72df -selector value.branch==main'],
  flags: [ID('rule'), DESCRIPTION, META, FORMAT, NO_MERGE, ...SETTINGS],
  run: async (context) => {
    const { io, flags, client } = context;
    const partial = flags.string('id');
    if (!partial) throw new Failure('Cannot update a binding rule without specifying the -id parameter');
    const api = await client();
    const id = await attempt('Error determining binding rule ID', bindingRuleId(api, partial));
    const what = JSON.stringify(id);
    const path = `/v1/acl/binding-rule/${id}`;
    const before = await attempt('Error when retrieving current binding rule', getIfPresent<BindingRule>(api, path));
    if (!before) throw new Failure(`Binding rule not found with ID ${what}`);
    const wholly = flags.bool('no-merge');
    if (wholly && !flags.string('bind-name')) throw new UsageFailure("Missing required '-bind-name' flag", 'err', { gap: false });
    const given = {
      Description: flags.string('description'),
      BindType: flags.string('bind-type'),
      BindName: flags.string('bind-name'),
      Selector: flags.string('selector'),
    };
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const empty = { ID: id, AuthMethod: before.AuthMethod, Description: '', BindType: 'service', BindName: '', Selector: '' };
    const body = { ...(wholly ? empty : before), ...changes, ...variables(context) };
    const rule = await attempt(`Error updating binding rule ${what}`, api.expectOk('PUT', path, { body }).then(parseJson<BindingRule>));
    print(io, flags, bindingRuleJson(rule), () => bindingRuleText(rule, flags.bool('meta')));
    return 0;
  },
};
