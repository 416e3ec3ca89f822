import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { authMethodJson, authMethodListText, authMethodText } from './auth-method-format.ts';
import { FORMAT, META, NAME } from './flags.ts';
import { print } from './format.ts';
import { getIfPresent } from './lookup.ts';
import type { AuthMethod } from './model.ts';

export const authMethodPath = (name: string): string => `/v1/acl/auth-method/${encodeURIComponent(name)}`;

export const authMethodList: Command = {
  name: 'acl auth-method list',
  synopsis: 'List all auth methods',
  usage: [''],
  description: 'Lists all auth methods.',
  examples: ['acl auth-method list', 'acl auth-method list -format json'],
  flags: [META, FORMAT],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const answer = api.expectOk('GET', '/v1/acl/auth-methods').then(parseJson<readonly AuthMethod[] | null>);
    const methods = (await attempt('Failed to retrieve the auth method list', answer)) ?? [];
    print(io, flags, methods.map(authMethodJson), () => authMethodListText(methods, flags.bool('meta')));
    return 0;
  },
};

export const authMethodRead: Command = {
  name: 'acl auth-method read',
  synopsis: 'Show an auth method',
  usage: ['-name NAME'],
  description: 'Shows one auth method.',
  examples: ['acl auth-method read -name ci'],
  flags: [NAME('auth method'), META, FORMAT],
  run: async ({ io, flags, client }) => {
    const name = flags.string('name');
    if (!name) throw new Failure('Must specify the -name parameter');
    const api = await client();
    const what = JSON.stringify(name);
    const method = await attempt(`Error reading auth method ${what}`, getIfPresent<AuthMethod>(api, authMethodPath(name)));
    if (!method) throw new Failure(`Auth method not found with name ${what}`);
    print(io, flags, authMethodJson(method), () => authMethodText(method, flags.bool('meta')));
    return 0;
  },
};

export const authMethodDelete: Command = {
  name: 'acl auth-method delete',
  synopsis: 'Delete an auth method',
  usage: ['-name NAME'],
  description: 'Deletes an auth method with its binding rules and the tokens that came from it.',
  examples: ['acl auth-method delete -name ci'],
  flags: [NAME('auth method')],
  run: async ({ io, flags, client }) => {
    const name = flags.string('name');
    if (!name) throw new Failure('Must specify the -name parameter');
    const api = await client();
    await attempt(`Error deleting auth method ${JSON.stringify(name)}`, api.expectOk('DELETE', authMethodPath(name)));
    io.out(`Auth method ${JSON.stringify(name)} deleted successfully\n`);
    return 0;
  },
};
