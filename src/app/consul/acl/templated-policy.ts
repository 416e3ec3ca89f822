import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { FORMAT, META } from './flags.ts';
import { print } from './format.ts';
import { templatedPolicies } from './grants.ts';
import type { Policy } from './model.ts';
import { policyJson, policyText } from './policy-format.ts';

interface Template {
  readonly TemplateName: string;
  readonly Schema: string;
  readonly Template: string;
  readonly Description?: string;
}

export const templatedPolicyList: Command = {
  name: 'acl templated-policy list',
  synopsis: 'List templated policies',
  usage: [''],
  description: 'Lists the policies that are made from a name.',
  examples: ['acl templated-policy list'],
  flags: [FORMAT],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const answer = api.expectOk('GET', '/v1/acl/templated-policies').then(parseJson<Readonly<Record<string, Template>>>);
    const templates = await attempt('Failed to retrieve the templated policies list', answer);
    const names = Object.values(templates).map(({ TemplateName }) => TemplateName);
    print(io, flags, templates, () =>
      names
        .toSorted()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return 0;
  },
};

/** What the variable of a template is. */
const VARIABLES: Readonly<Record<string, readonly [doc: string, example: string]>> = {
  'builtin/service': ['The name of the service.', 'api'],
  'builtin/node': ['The node name.', 'node-1'],
  'builtin/workload-identity': ['The workload name.', 'api'],
  'builtin/api-gateway': ['The api gateway service name.', 'api'],
};

export const templatedPolicyRead: Command = {
  name: 'acl templated-policy read',
  synopsis: 'Show a templated policy',
  usage: ['-name NAME'],
  description: 'Shows what a templated policy needs; with -meta the template too.',
  examples: ['acl templated-policy read -name builtin/service'],
  flags: [{ name: 'name', kind: 'string', value: 'string', doc: 'Name of the templated policy.' }, META, FORMAT],
  run: async ({ io, flags, client }) => {
    const name = flags.string('name');
    if (!name) throw new Failure('Must specify the -name parameter');
    const api = await client();
    const answer = api.expectOk('GET', `/v1/acl/templated-policy/name/${name}`).then(parseJson<Template>);
    const template = await attempt(`Error reading templated policy ${JSON.stringify(name)}`, answer);
    print(io, flags, template, () => describe(template, flags.bool('meta')));
    return 0;
  },
};

function describe({ TemplateName, Description, Schema, Template }: Template, meta: boolean): string {
  const variable = VARIABLES[TemplateName];
  const usage = `consul acl token create -templated-policy ${TemplateName}`;
  return [
    `Name:            ${TemplateName}\n`,
    Description ? `Description:     ${Description}\n` : '',
    variable ? `Input variables:\n\tName: String - Required - ${variable[0]}\n` : 'Input variables: None\n',
    `Example usage:\n\t${usage}${variable ? ` -var name:${variable[1]}` : ''}\n`,
    meta && Schema !== '' ? `Schema:\n${Schema}\n\n` : '',
    meta ? `Raw Template:\n${Template}\n` : '',
  ].join('');
}

export const templatedPolicyPreview: Command = {
  name: 'acl templated-policy preview',
  synopsis: 'Show the policy that a template becomes',
  usage: ['-name NAME'],
  description: 'Shows the rules that a templated policy becomes with its variables.',
  examples: ['acl templated-policy preview -name builtin/service -var name:api', 'acl templated-policy preview -file template.hcl'],
  flags: [
    { name: 'name', kind: 'string', value: 'string', doc: 'Name of the templated policy.' },
    { name: 'file', kind: 'string', value: 'string', doc: 'File with a templated policy and its variables.' },
    { name: 'var', kind: 'list', value: 'value', doc: 'Variable: name:value. Repeatable.' },
    FORMAT,
  ],
  run: async ({ io, flags, client }) => {
    const [name, file] = [flags.string('name'), flags.string('file')];
    if (!name && !file) throw new Failure('Cannot preview a templated policy without specifying -name or -file');
    const api = await client();
    const [template, ...more] = await templatedPolicies({ name, file, variables: flags.list('var') }, io);
    if (!template || more.length > 0) throw new Failure('Can only preview a single templated policy at a time.');
    const path = `/v1/acl/templated-policy/preview/${template.TemplateName}`;
    const answer = api.expectOk('POST', path, { body: template.TemplateVariables ?? {} }).then(parseJson<Policy>);
    const policy = await attempt('Failed to generate the templated policy preview', answer);
    print(io, flags, policyJson(policy), () => policyText(policy, false));
    return 0;
  },
};
