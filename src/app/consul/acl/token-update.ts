import type { ApiClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import type { FlagValues } from '../flags.ts';
import { parseJson } from '../json.ts';
import { ACCESSOR, APPENDED_GRANTS, DESCRIPTION, FORMAT, META, TOKEN_GRANTS } from './flags.ts';
import { print } from './format.ts';
import { nodeIdentities, policyLinks, roleLinks, serviceIdentities, templatedIn, templatedPolicies, templateSource } from './grants.ts';
import { tokenId } from './lookup.ts';
import { mergeLinks, mergeNodes, mergeServices, mergeTemplates } from './merge.ts';
import type { Grants, Link, Token } from './model.ts';
import { tokenJson, tokenText } from './token-format.ts';
import { accessorOf } from './token-read.ts';

export const tokenUpdate: Command = {
  name: 'acl token update',
  synopsis: 'Change a token',
  usage: ['-accessor-id TOKENID'],
  description: 'Gives a token other policies, roles, identities or another description. With -append-… what it has stays.',
  examples: [
    'acl token update -accessor-id abcd -description replication -append-policy-name token-replication',
    'acl token update -accessor-id abcd -policy-name readers -role-name operators',
  ],
  flags: [
    ...ACCESSOR,
    DESCRIPTION,
    META,
    FORMAT,
    ...TOKEN_GRANTS,
    ...APPENDED_GRANTS,
    { name: 'upgrade-legacy', kind: 'bool', doc: 'Of before 1.4; nothing is of that kind any more.' },
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const given = accessorOf(context, (flag) => `Cannot update a token without specifying the ${flag} parameter`);
    const api = await client();
    const id = await attempt('Error determining token ID', tokenId(api, given));
    const read = api.expectOk('GET', `/v1/acl/token/${id}`).then(parseJson<Token>);
    const before = await attempt('Error when retrieving current token', read);
    if (flags.bool('upgrade-legacy') && !before.Rules) throw new Failure("Can't use -upgrade-legacy on a non-legacy token");
    const body = {
      ...before,
      ...(flags.string('description') ? { Description: flags.string('description') } : {}),
      ...(await grantsAfter(before, api, context)),
    };
    const what = `Failed to update token ${id}`;
    const token = await attempt(what, api.expectOk('PUT', `/v1/acl/token/${id}`, { body }).then(parseJson<Token>));
    print(io, flags, tokenJson(token), () => tokenText(token, flags.bool('meta')));
    return 0;
  },
};

/** 1.8 replaces all that is not merged; newer ones leave policies and roles that no flag names. */
async function grantsAfter(before: Token, api: ApiClient, { io, flags }: CommandContext): Promise<Grants> {
  const old = isOldConsul(io);
  const services = chosen(flags, 'service-identity', 'service identities');
  const nodes = chosen(flags, 'node-identity', 'node identities');
  const policies = await links(flags, 'policy', before.Policies, old, (names, ids) => policyLinks(api, names, ids));
  const roles = await links(flags, 'role', before.Roles, old, (names, ids) => roleLinks(api, names, ids));
  const templates = await templatedPolicies(templateSource(flags), io);
  const added = await templatedPolicies(
    { ...templateSource(flags, 'append-'), variables: templates.length > 0 ? [] : flags.list('var') },
    io,
  );
  return {
    Policies: policies,
    Roles: roles,
    ServiceIdentities: services.adds
      ? mergeServices(before.ServiceIdentities ?? [], serviceIdentities(services.texts))
      : serviceIdentities(services.texts),
    NodeIdentities: nodes.adds ? mergeNodes(before.NodeIdentities ?? [], nodeIdentities(nodes.texts)) : nodeIdentities(nodes.texts),
    ...templatedIn(templates.length > 0 ? templates : mergeTemplates(before.TemplatedPolicies ?? [], added)),
  };
}

/** Throws a Failure when a flag and its `-append-` are given. */
function chosen(flags: FlagValues, name: string, plural: string): { readonly texts: readonly string[]; readonly adds: boolean } {
  const [set, append] = [flags.list(name), flags.list(`append-${name}`)];
  if (set.length > 0 && append.length > 0)
    throw new Failure(
      `Cannot combine the use of ${name} flag with append-${name}. To set or overwrite existing ${plural}, use -${name}. To append to existing ${plural}, use -append-${name}.`,
    );
  const merges = flags.bool(`merge-${name === 'service-identity' ? 'service-identities' : 'node-identities'}`);
  return append.length > 0 ? { texts: append, adds: true } : { texts: set, adds: merges };
}

async function links(
  flags: FlagValues,
  kind: 'policy' | 'role',
  before: readonly Link[] | null | undefined,
  old: boolean,
  read: (names: readonly string[], ids: readonly string[]) => Promise<Link[]>,
): Promise<readonly Link[]> {
  const plural = kind === 'policy' ? 'policies' : 'roles';
  const set = [flags.list(`${kind}-name`), flags.list(`${kind}-id`)] as const;
  const append = [flags.list(`append-${kind}-name`), flags.list(`append-${kind}-id`)] as const;
  const [sets, appends] = [set.flat().length > 0, append.flat().length > 0];
  if (sets && appends)
    throw new Failure(
      `Cannot combine the use of ${kind}-id/${kind}-name flags with append- variants. To set or overwrite existing ${plural}, use -${kind}-id or -${kind}-name. To append to existing ${plural}, use -append-${kind}-id or -append-${kind}-name.`,
    );
  const present = before ?? [];
  if (flags.bool(`merge-${plural}`)) return mergeLinks(present, await read(...set));
  if (appends) return mergeLinks(present, await read(...append));
  return sets || old ? read(...set) : present;
}
