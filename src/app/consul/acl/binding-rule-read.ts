import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { bindingRuleJson, bindingRuleListText, bindingRuleText } from './binding-rule-format.ts';
import { FORMAT, ID, META } from './flags.ts';
import { print } from './format.ts';
import { bindingRuleId, getIfPresent } from './lookup.ts';
import type { BindingRule } from './model.ts';

export const bindingRuleList: Command = {
  name: 'acl binding-rule list',
  synopsis: 'List binding rules',
  usage: [''],
  description: 'Lists all binding rules, or those of one auth method.',
  examples: ['acl binding-rule list', 'acl binding-rule list -method ci'],
  flags: [
    { name: 'method', kind: 'string', value: 'string', doc: 'Only those of this auth method.', completes: 'auth-method' },
    META,
    FORMAT,
  ],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const query = { authmethod: flags.string('method') || undefined };
    const answer = api.expectOk('GET', '/v1/acl/binding-rules', { query }).then(parseJson<readonly BindingRule[] | null>);
    const rules = (await attempt('Failed to retrieve the binding rule list', answer)) ?? [];
    print(io, flags, rules.map(bindingRuleJson), () => bindingRuleListText(rules, flags.bool('meta')));
    return 0;
  },
};

export const bindingRuleRead: Command = {
  name: 'acl binding-rule read',
  synopsis: 'Show a binding rule',
  usage: ['-id ID'],
  description: 'Shows one binding rule.',
  examples: ['acl binding-rule read -id 43cb72df'],
  flags: [ID('rule'), META, FORMAT],
  run: async ({ io, flags, client }) => {
    const partial = flags.string('id');
    if (!partial) throw new Failure('Must specify the -id parameter.');
    const api = await client();
    const id = await attempt('Error determining binding rule ID', bindingRuleId(api, partial));
    const what = JSON.stringify(id);
    const rule = await attempt(`Error reading binding rule ${what}`, getIfPresent<BindingRule>(api, `/v1/acl/binding-rule/${id}`));
    if (!rule) throw new Failure(`Binding rule not found with ID ${what}`);
    print(io, flags, bindingRuleJson(rule), () => bindingRuleText(rule, flags.bool('meta')));
    return 0;
  },
};

export const bindingRuleDelete: Command = {
  name: 'acl binding-rule delete',
  synopsis: 'Delete a binding rule',
  usage: ['-id ID'],
  description: 'Deletes a binding rule. Tokens that came from it stay.',
  examples: ['acl binding-rule delete -id 43cb72df'],
  flags: [ID('rule')],
  run: async ({ io, flags, client }) => {
    const partial = flags.string('id');
    if (!partial) throw new Failure('Must specify the -id parameter');
    const api = await client();
    const id = await attempt('Error determining binding rule ID', bindingRuleId(api, partial));
    await attempt(`Error deleting binding rule ${JSON.stringify(id)}`, api.expectOk('DELETE', `/v1/acl/binding-rule/${id}`));
    io.out(`Binding rule ${JSON.stringify(id)} deleted successfully\n`);
    return 0;
  },
};
