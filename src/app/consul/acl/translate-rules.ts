import { unexpected } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { textOf } from './input.ts';
import { getIfPresent, tokenId } from './lookup.ts';
import type { Token } from './model.ts';

export const translateRules: Command = {
  name: 'acl translate-rules',
  synopsis: 'Rewrite rules of before 1.4',
  usage: ['TRANSLATE'],
  description: 'Prints rules of before 1.4 as they are written since then; @file reads a file, - standard input.',
  examples: ['acl translate-rules @rules.hcl'],
  flags: [
    { name: 'token-accessor', kind: 'bool', doc: 'The argument is the accessor of a token whose rules to take.' },
    { name: 'token-secret', kind: 'bool', doc: 'The argument is the secret of a token whose rules to take.' },
  ],
  run: async ({ io, flags, args, client }) => {
    const [given] = args;
    if (given === undefined) throw new Failure('Error! Missing TRANSLATE argument');
    if (args.length > 1) throw new Failure(`Error! Too many arguments (expected 1, got ${args.length})`);
    const api = await client();
    const text = await textOf(given, io, 'Error! Failed to load rules');
    const legacy = async (): Promise<string> => {
      const read = flags.bool('token-secret')
        ? api.expectOk('GET', '/v1/acl/token/self', { headers: { 'X-Consul-Token': text.trim() } }).then(parseJson<Token>)
        : tokenId(api, text.trim()).then((id) => getIfPresent<Token>(api, `/v1/acl/token/${id}`));
      const token = await attempt('Error reading token', read);
      if (!token?.Rules) throw new Failure('Token is not a legacy token with rules');
      return token.Rules;
    };
    const rules = flags.bool('token-accessor') || flags.bool('token-secret') ? await legacy() : text;
    const path = '/v1/acl/rules/translate';
    const { status, body } = await attempt('Error translating rules', api.send('POST', path, { raw: rules, headers: TEXT }));
    // Consul translates by itself, and so in its own words.
    if (status === 400) throw new Failure(`Error translating rules: ${body.replace(/^Bad request: /, '')}`);
    if (status !== 200) throw new Failure(`Error translating rules: ${unexpected({ status, body })}`);
    io.out(`${body}\n`);
    return 0;
  },
};

const TEXT = { 'Content-Type': 'text/plain' };
