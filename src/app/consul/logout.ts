import { attempt, type Command, Failure } from './command.ts';

export const logout: Command = {
  name: 'logout',
  synopsis: 'Give back a token that came from a login',
  usage: [''],
  description: 'Deletes the token of the request, if it came from `login`.',
  examples: ['logout -token-file consul.token'],
  flags: [],
  run: async ({ args, client }) => {
    if (args.length > 0) throw new Failure('Should have no non-flag arguments.');
    const api = await client();
    await attempt('Error destroying token', api.expectOk('POST', '/v1/acl/logout'));
    return 0;
  },
};
