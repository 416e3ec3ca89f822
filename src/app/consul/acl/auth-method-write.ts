import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import { type Flag, textFlag } from '../flags.ts';
import { parseJson } from '../json.ts';
import { authMethodJson, authMethodText } from './auth-method-format.ts';
import { authMethodPath } from './auth-method-read.ts';
import { FORMAT, META, NAME, NO_MERGE } from './flags.ts';
import { print } from './format.ts';
import { goJsonError } from './go-json-error.ts';
import { textOf } from './input.ts';
import { getIfPresent } from './lookup.ts';
import type { AuthMethod } from './model.ts';

const SETTINGS: readonly Flag[] = [
  textFlag('display-name', 'What people call it.'),
  textFlag('description', 'What it is for.'),
  { name: 'max-token-ttl', kind: 'duration', value: 'duration', doc: 'How long tokens from it count.' },
  textFlag('token-locality', 'local or global.'),
  textFlag('config', 'Its configuration, JSON; @file reads a file, - standard input.'),
  textFlag('kubernetes-host', 'Address of the API of Kubernetes.'),
  textFlag('kubernetes-ca-cert', 'CA of that API, PEM; @file reads a file.'),
  textFlag('kubernetes-service-account-jwt', 'Token that reviews are made with; @file reads a file.'),
];

export const authMethodCreate: Command = {
  name: 'acl auth-method create',
  synopsis: 'Make an auth method',
  usage: ['-name NAME -type TYPE'],
  description: 'Makes an auth method: a way to get a token for what another system vouches for.',
  examples: ['acl auth-method create -type jwt -name ci -config @ci.json'],
  flags: [NAME('auth method'), textFlag('type', 'jwt or kubernetes.', { choices: ['jwt', 'kubernetes'] }), META, FORMAT, ...SETTINGS],
  run: async (context) => {
    const { io, flags, client } = context;
    const [type, name] = [flags.string('type'), flags.string('name')];
    if (!type) throw new UsageFailure("Missing required '-type' flag", 'err', { gap: false });
    if (!name) throw new UsageFailure("Missing required '-name' flag", 'err', { gap: false });
    const api = await client();
    const config = await configOf(context);
    if (type === 'kubernetes' && !flags.string('config'))
      for (const flag of KUBERNETES) if (!flags.string(flag)) throw new Failure(`Missing required '-${flag}' flag`);
    const body = { Name: name, Type: type, ...settings(context), Config: config ?? null };
    const answer = api.expectOk('PUT', '/v1/acl/auth-method', { body }).then(parseJson<AuthMethod>);
    const method = await attempt('Failed to create new auth method', answer);
    print(io, flags, authMethodJson(method), () => authMethodText(method, flags.bool('meta')));
    return 0;
  },
};

export const authMethodUpdate: Command = {
  name: 'acl auth-method update',
  synopsis: 'Change an auth method',
  usage: ['-name NAME'],
  description: 'Changes what is given of an auth method; with -no-merge the rest is emptied.',
  examples: ['acl auth-method update -name ci -max-token-ttl 1h'],
  flags: [NAME('auth method'), META, FORMAT, NO_MERGE, ...SETTINGS],
  run: async (context) => {
    const { io, flags, client } = context;
    const name = flags.string('name');
    if (!name) throw new Failure('Cannot update an auth method without specifying the -name parameter');
    const api = await client();
    const path = authMethodPath(name);
    const before = await attempt('Error when retrieving current auth method', getIfPresent<AuthMethod>(api, path));
    if (!before) throw new Failure(`Auth method not found with name ${JSON.stringify(name)}`);
    const config = await configOf(context);
    const body = flags.bool('no-merge')
      ? { Name: before.Name, Type: before.Type, ...settings(context), Config: config ?? null }
      : {
          ...before,
          ...settings(context),
          ...(config === undefined ? {} : { Config: { ...kept(before, flags.string('config')), ...config } }),
        };
    const answer = api.expectOk('PUT', path, { body }).then(parseJson<AuthMethod>);
    const method = await attempt(`Error updating auth method ${JSON.stringify(name)}`, answer);
    print(io, flags, authMethodJson(method), () => authMethodText(method, flags.bool('meta')));
    return 0;
  },
};

const KUBERNETES = ['kubernetes-host', 'kubernetes-ca-cert', 'kubernetes-service-account-jwt'];

/** A whole configuration takes the place of the one before; single settings stand beside what is there. */
const kept = ({ Config }: AuthMethod, whole: string | undefined) => (whole ? {} : (Config ?? {}));

function settings({ flags }: CommandContext): Partial<AuthMethod> {
  const given = {
    DisplayName: flags.string('display-name'),
    Description: flags.string('description'),
    MaxTokenTTL: flags.string('max-token-ttl'),
    TokenLocality: flags.string('token-locality'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<AuthMethod>;
}

/** Undefined when nothing was given. */
async function configOf({ io, flags }: CommandContext): Promise<Readonly<Record<string, unknown>> | undefined> {
  const given = flags.string('config');
  const [host, ca, jwt] = KUBERNETES.map((flag) => flags.string(flag));
  if (given) {
    if (host || ca || jwt) throw new Failure('Cannot use command line arguments with -config flags');
    const json = await textOf(given, io, 'Error loading configuration file');
    const wrong = goJsonError(json);
    if (wrong !== undefined) throw new Failure(`Error parsing JSON configuration file: ${wrong}`);
    return JSON.parse(json) as Record<string, unknown>;
  }
  if (!host && !ca && !jwt) return undefined;
  return {
    ...(host ? { Host: host } : {}),
    ...(ca ? { CACert: await textOf(ca, io, 'Error reading kubernetes ca cert') } : {}),
    ...(jwt ? { ServiceAccountJWT: (await textOf(jwt, io, 'Error reading kubernetes service account jwt')).trim() } : {}),
  };
}
