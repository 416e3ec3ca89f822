import { text } from '../../../../schema/go-fields.ts';
import { any, bool, duration, goStruct, int, list, map, type Schema, string, withDefault } from '../../../../schema/schema.ts';

const unused = <S extends Schema>(schema: S) => ({ schema, required: false, doc: 'Of an answer that is sent back; ignored.' }) as const;

const indexes = { Hash: unused(any()), CreateIndex: unused(int()), ModifyIndex: unused(int()) };
const datacenters = withDefault(list(string()), [], 'Where it holds; none: everywhere.');

const links = list(goStruct('', { ID: text('Id.'), Name: text('Name, in place of the id.') }));

const grants = {
  Policies: withDefault(links, [], 'Policies, by id or name.'),
  ServiceIdentities: withDefault(
    list(goStruct('', { ServiceName: text('Name of the service.'), Datacenters: datacenters })),
    [],
    'Services that it may register and act for.',
  ),
  NodeIdentities: withDefault(
    list(goStruct('', { NodeName: text('Name of the node.'), Datacenter: text('Datacenter of the node.') })),
    [],
    'Nodes that it may register.',
  ),
  TemplatedPolicies: withDefault(
    list(
      goStruct('', {
        TemplateID: unused(string()),
        TemplateName: text('Name of the template: builtin/service, …'),
        TemplateVariables: { schema: goStruct('', { name: text('Name that the template takes.') }), required: false, doc: 'Variables.' },
        Datacenters: datacenters,
      }),
    ),
    [],
    'Policies that Consul makes from a name.',
  ),
};

export const tokenBody = goStruct('', {
  AccessorID: text('Public id.'),
  SecretID: text('What its bearer shows.'),
  Description: text('For people.'),
  ...grants,
  Roles: withDefault(links, [], 'Roles, by id or name.'),
  Local: withDefault(bool(), false, 'Of this datacenter only.'),
  AuthMethod: text('Auth method that it came through.'),
  ExpirationTime: text('When it ends.'),
  ExpirationTTL: withDefault(duration(), 0, 'How long it lives.'),
  CreateTime: unused(string()),
  ...indexes,
});

export const policyBody = goStruct('', {
  ID: text('Id.'),
  Name: text('Name.'),
  Description: text('For people.'),
  Rules: text('What it grants, in HCL or JSON.'),
  Datacenters: datacenters,
  ...indexes,
});

export const roleBody = goStruct('', { ID: text('Id.'), Name: text('Name.'), Description: text('For people.'), ...grants, ...indexes });

export const authMethodBody = goStruct('', {
  Name: text('Name.'),
  Type: text('jwt or kubernetes.'),
  DisplayName: text('For people.'),
  Description: text('For people.'),
  MaxTokenTTL: withDefault(duration(), 0, 'How long its tokens live at most.'),
  TokenLocality: text('local or global.'),
  TokenNameFormat: text('Description of its tokens.'),
  Config: withDefault(map(any()), {}, 'Of its type.'),
  ...indexes,
});

export const bindingRuleBody = goStruct('', {
  ID: text('Id.'),
  Description: text('For people.'),
  AuthMethod: text('Auth method that it belongs to.'),
  Selector: text('Which identities it is for; empty: all.'),
  BindType: text('service, node, role, policy or templated-policy.'),
  BindName: text('What they get.'),
  BindVars: { schema: goStruct('', { Name: text('Name that the template takes.') }), required: false, doc: 'Variables of a template.' },
  ...indexes,
});

export const loginBody = goStruct('', {
  AuthMethod: text('Auth method.'),
  BearerToken: text('What it is shown.'),
  Meta: withDefault(map(string()), {}, 'For the description of the token.'),
});

export const authorizeBody = list(
  goStruct('', { Resource: text('Resource.'), Segment: text('Name.'), Access: text('read, list or write.') }),
);
