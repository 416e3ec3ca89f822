import { attempt, type Command, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import type { Flag } from '../flags.ts';
import { parseJson } from '../json.ts';
import { ACCESSOR, DESCRIPTION, FORMAT, META, TOKEN_GRANTS } from './flags.ts';
import { print } from './format.ts';
import { nodeIdentities, policyLinks, roleLinks, serviceIdentities, templatedPolicies, templateSource } from './grants.ts';
import { tokenId } from './lookup.ts';
import type { Token } from './model.ts';
import { tokenJson, tokenText } from './token-format.ts';
import { accessorOf } from './token-read.ts';

const OWN: readonly Flag[] = [
  { name: 'accessor', kind: 'string', value: 'string', doc: 'Accessor ID to give it, a UUID.' },
  { name: 'secret', kind: 'string', value: 'string', doc: 'Secret ID to give it, a UUID.' },
  { name: 'local', kind: 'bool', doc: 'It counts in this datacenter only.' },
  { name: 'expires-ttl', kind: 'duration', value: 'duration', doc: 'How long it counts: 24h.' },
];

const GRANTING = ['policy-name', 'policy-id', 'role-name', 'role-id', 'service-identity', 'node-identity'];

export const tokenCreate: Command = {
  name: 'acl token create',
  synopsis: 'Make a token',
  usage: [''],
  description: 'Makes a token from policies, roles, identities and templated policies.',
  examples: [
    'acl token create -description "for web" -service-identity web',
    'acl token create -policy-name readers -role-name operators -expires-ttl 8h',
    'acl token create -templated-policy builtin/service -var name:api',
  ],
  flags: [...OWN, DESCRIPTION, META, FORMAT, ...TOKEN_GRANTS],
  run: async ({ io, flags, client }) => {
    const templated = flags.string('templated-policy') || flags.string('templated-policy-file');
    if (!templated && GRANTING.every((name) => flags.list(name).length === 0)) throw new Failure(isOldConsul(io) ? NOTHING_OLD : NOTHING);
    const api = await client();
    const services = serviceIdentities(flags.list('service-identity'));
    const nodes = nodeIdentities(flags.list('node-identity'));
    const templates = await templatedPolicies(templateSource(flags), io);
    const policies = await policyLinks(api, flags.list('policy-name'), flags.list('policy-id'));
    const roles = await roleLinks(api, flags.list('role-name'), flags.list('role-id'));
    const ttl = flags.string('expires-ttl');
    const body = {
      Description: flags.string('description') ?? '',
      Local: flags.bool('local'),
      ...(flags.string('accessor') ? { AccessorID: flags.string('accessor') } : {}),
      ...(flags.string('secret') ? { SecretID: flags.string('secret') } : {}),
      ...(ttl && flags.durationMs('expires-ttl') > 0 ? { ExpirationTTL: ttl } : {}),
      ...(policies.length > 0 ? { Policies: policies } : {}),
      ...(roles.length > 0 ? { Roles: roles } : {}),
      ...(services.length > 0 ? { ServiceIdentities: services } : {}),
      ...(nodes.length > 0 ? { NodeIdentities: nodes } : {}),
      ...(templates.length > 0 ? { TemplatedPolicies: templates } : {}),
    };
    const token = await attempt('Failed to create new token', api.expectOk('PUT', '/v1/acl/token', { body }).then(parseJson<Token>));
    print(io, flags, tokenJson(token), () => tokenText(token, flags.bool('meta')));
    return 0;
  },
};

const NOTHING_OLD =
  'Cannot create a token without specifying -policy-name, -policy-id, -role-name, -role-id, -service-identity, or -node-identity at least once';
const NOTHING =
  'Cannot create a token without specifying -policy-name, -policy-id, -role-name, -role-id, -service-identity, -node-identity, or -templated-policy at least once';

export const tokenClone: Command = {
  name: 'acl token clone',
  synopsis: 'Make a token that may do the same',
  usage: ['-accessor-id TOKENID'],
  description: 'Makes another token with the policies, roles and identities of one that is there.',
  examples: ['acl token clone -accessor-id abcd -description "for the other team"'],
  flags: [...ACCESSOR, DESCRIPTION, META, FORMAT],
  run: async (context) => {
    const { io, flags, client } = context;
    const given = accessorOf(context, (flag) => `Cannot update a token without specifying the ${flag} parameter`);
    const api = await client();
    const id = await attempt('Error determining token ID', tokenId(api, given));
    const description = flags.string('description');
    const body = description ? { Description: description } : {};
    const answer = api.expectOk('PUT', `/v1/acl/token/${id}/clone`, { body }).then(parseJson<Token>);
    const token = await attempt('Error cloning token', answer);
    print(io, flags, tokenJson(token), () => tokenText(token, flags.bool('meta')));
    return 0;
  },
};
