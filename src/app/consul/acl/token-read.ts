import { attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { parseJson } from '../json.ts';
import { ACCESSOR, FORMAT, META } from './flags.ts';
import { print } from './format.ts';
import { tokenId } from './lookup.ts';
import type { Token } from './model.ts';
import { type ExpandedToken, expandedText } from './token-expanded.ts';
import { tokenJson, tokenListJson, tokenListText, tokenText } from './token-format.ts';

/** What the user calls the token by. `missing`: Consul's words without the flag's name. Throws a Failure. */
export function accessorOf({ io, flags }: Pick<CommandContext, 'io' | 'flags'>, missing: (flag: string) => string): string {
  const accessor = flags.string('accessor-id');
  if (accessor) return accessor;
  const id = flags.string('id');
  if (!id) throw new Failure(missing(isOldConsul(io) ? '-id' : '-accessor-id'));
  if (!isOldConsul(io)) io.err('Use the -accessor-id parameter to specify token by Accessor ID\n');
  return id;
}

export const tokenList: Command = {
  name: 'acl token list',
  synopsis: 'List all tokens',
  usage: [''],
  description: 'Lists all tokens.',
  examples: ['acl token list', 'acl token list -format json'],
  flags: [META, FORMAT],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const answer = api.expectOk('GET', '/v1/acl/tokens').then(parseJson<readonly Token[] | null>);
    const tokens = (await attempt('Failed to retrieve the token list', answer)) ?? [];
    print(
      io,
      flags,
      tokens.map((token) => tokenListJson(token, isOldConsul(io))),
      () => tokenListText(tokens, flags.bool('meta'), isOldConsul(io)),
    );
    return 0;
  },
};

export const tokenRead: Command = {
  name: 'acl token read',
  synopsis: 'Show a token',
  usage: ['-accessor-id TOKENID'],
  description: 'Shows one token, with its secret.',
  examples: ['acl token read -self', 'acl token read -accessor-id 4be56c77-82 -expanded'],
  flags: [
    ...ACCESSOR,
    META,
    FORMAT,
    { name: 'self', kind: 'bool', doc: 'The token that the request is made with.' },
    { name: 'expanded', kind: 'bool', doc: 'With the rules of all policies and roles.' },
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const [meta, expanded, self] = [flags.bool('meta'), flags.bool('expanded'), flags.bool('self')];
    const given = self ? '' : accessorOf(context, (flag) => `Must specify the ${flag} parameter`);
    const api = await client();
    if (self && expanded) throw new Failure('Cannot use both -expanded and -self. Instead, use -expanded and -accessor-id=<accessor id>.');
    const id = self ? 'self' : await attempt('Error determining token ID', tokenId(api, given));
    const what = self ? 'Error reading token' : `Error reading token ${JSON.stringify(id)}`;
    const query = expanded ? { query: { expanded: 'true' } } : {};
    const token = await attempt(what, api.expectOk('GET', `/v1/acl/token/${id}`, query).then(parseJson<ExpandedToken>));
    print(io, flags, tokenJson(token), () => (expanded ? expandedText(token, meta) : tokenText(token, meta)));
    return 0;
  },
};

export const tokenDelete: Command = {
  name: 'acl token delete',
  synopsis: 'Delete a token',
  usage: ['-accessor-id TOKENID'],
  description: 'Deletes a token. It counts no more from then on.',
  examples: ['acl token delete -accessor-id 4be56c77-82'],
  flags: ACCESSOR,
  run: async (context) => {
    const given = accessorOf(context, (flag) => `Must specify the ${flag} parameter`);
    const api = await context.client();
    const id = await attempt('Error determining token ID', tokenId(api, given));
    await attempt(`Error deleting token ${JSON.stringify(id)}`, api.expectOk('DELETE', `/v1/acl/token/${id}`));
    context.io.out(`Token ${JSON.stringify(id)} deleted successfully\n`);
    return 0;
  },
};
