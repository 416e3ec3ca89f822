import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { attempt, type Command, Failure } from './command.ts';
import { readInput } from './files.ts';
import { parseJson } from './json.ts';

export const login: Command = {
  name: 'login',
  synopsis: 'Get a token for what another system vouches for',
  usage: [''],
  description: 'Exchanges a bearer token of another system, by an auth method, for a token of its own, and writes that into a file.',
  examples: ['login -method ci -bearer-token-file /var/run/jwt -token-sink-file consul.token'],
  flags: [
    { name: 'method', kind: 'string', value: 'string', doc: 'Name of the auth method.', completes: 'auth-method' },
    {
      name: 'type',
      kind: 'string',
      value: 'string',
      doc: 'Type of the auth method; found out if it is not given.',
      choices: ['jwt', 'kubernetes'],
    },
    { name: 'bearer-token-file', kind: 'string', value: 'string', doc: 'File with the token of the other system.', completes: 'file' },
    {
      name: 'token-sink-file',
      kind: 'string',
      value: 'string',
      doc: 'File that the new token is written to, readable by its owner only.',
      completes: 'file',
    },
    { name: 'meta', kind: 'map', value: 'key=value', doc: 'Fact that the description of the token shows. Repeatable.' },
  ],
  run: async ({ io, flags, args, client }) => {
    if (args.length > 0) throw new Failure('Should have no non-flag arguments.');
    const [method, sink, bearer] = ['method', 'token-sink-file', 'bearer-token-file'].map((flag) => flags.string(flag));
    if (!method) throw new Failure("Missing required '-method' flag");
    if (!sink) throw new Failure("Missing required '-token-sink-file' flag");
    if (flags.string('type') === 'oidc')
      throw new Failure('Logins of the type oidc need a browser and Consul Enterprise: use -bearer-token-file');
    if (!bearer) throw new Failure("Missing required '-bearer-token-file' flag");
    const secret = (await readInput(bearer, io).catch((error: unknown) => Promise.reject(new Failure(messageOf(error))))).trim();
    if (secret === '') throw new Failure(`No bearer token found in ${bearer}`);
    const api = await client();
    const meta = flags.map('meta');
    const body = { AuthMethod: method, BearerToken: secret, ...(meta.size > 0 ? { Meta: Object.fromEntries(meta) } : {}) };
    const answer = api.expectOk('POST', '/v1/acl/login', { body, headers: { 'X-Consul-Token': '' } });
    const { SecretID } = await attempt('Error logging in', answer.then(parseJson<{ readonly SecretID: string }>));
    const path = resolve(io.cwd, sink);
    try {
      await writeFile(`${path}.new`, SecretID, { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      throw new Failure(`Error writing token to file sink: ${messageOf(error)}`);
    }
    return 0;
  },
};
