import { attempt, type Command } from '../command.ts';
import { parseJson } from '../json.ts';
import { FORMAT } from './flags.ts';
import { print } from './format.ts';
import type { Token } from './model.ts';
import { tokenJson, tokenText } from './token-format.ts';

export const bootstrap: Command = {
  name: 'acl bootstrap',
  synopsis: 'Make the first management token',
  usage: ['[secret file]'],
  completes: ['file'],
  description:
    'Makes the token that may do everything: once, until it is reset.\nA file, or standard input for "-", says which secret it shall have.',
  examples: ['acl bootstrap', 'acl bootstrap -format=json'],
  flags: [FORMAT],
  run: async ({ io, flags, args, client }) => {
    const [file] = args;
    const secret = file === undefined ? undefined : (await secretOf(file, io)).trim();
    const api = await client();
    const call = secret ? { body: { BootstrapSecret: secret } } : {};
    const token = await attempt('Failed ACL bootstrapping', api.expectOk('PUT', '/v1/acl/bootstrap', call).then(parseJson<Token>));
    print(io, flags, tokenJson(token), () => tokenText(token, false));
    return 0;
  },
};

async function secretOf(file: string, io: Parameters<Command['run']>[0]['io']): Promise<string> {
  if (file === '-') return io.stdin();
  const { readInput } = await import('../files.ts');
  return attempt('Error reading bootstrap secret', readInput(file, io));
}
