import { messageOf } from '../../../base/errors.ts';
import { goJson } from '../../../base/go-json.ts';
import { goJsonError } from '../acl/go-json-error.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { readInput } from '../files.ts';
import { parseJson } from '../json.ts';

const PATH = '/v1/connect/ca/configuration';

interface Answer {
  readonly ForceWithoutCrossSigning?: boolean;
}

export const caGetConfig: Command = {
  name: 'connect ca get-config',
  synopsis: 'Show the configuration of the CA',
  usage: [''],
  description: 'Prints the configuration of the CA of sidecars as JSON.',
  examples: ['connect ca get-config'],
  flags: [],
  run: async ({ io, client }) => {
    const api = await client();
    const answer = await attempt('Error querying CA configuration', api.expectOk('GET', PATH).then(parseJson<Answer>));
    const { ForceWithoutCrossSigning: forced, ...config } = answer;
    io.out(`${goJson(forced ? answer : config, '\t')}\n`);
    return 0;
  },
};

export const caSetConfig: Command = {
  name: 'connect ca set-config',
  synopsis: 'Change the configuration of the CA',
  usage: [''],
  description:
    'Gives the CA of sidecars another configuration, from a JSON file. Another key or provider makes a new root, cross-signed by the old one.',
  examples: ['connect ca set-config -config-file ca.json'],
  flags: [
    { name: 'config-file', kind: 'string', value: 'string', doc: 'File with the configuration, JSON.', completes: 'file' },
    { name: 'force-without-cross-signing', kind: 'bool', doc: 'Change the root at once, even if the old one can not sign the new one.' },
  ],
  run: async ({ io, flags, client }) => {
    const file = flags.string('config-file');
    if (!file) throw new Failure('The -config-file flag is required');
    const text = await readInput(file, io).catch((error: unknown) => {
      throw new Failure(`Error reading config file: ${messageOf(error)}`);
    });
    const wrong = goJsonError(text);
    if (wrong !== undefined) throw new Failure(`Error parsing config file: ${wrong}`);
    const config = JSON.parse(text) as Record<string, unknown>;
    const api = await client();
    const body = flags.bool('force-without-cross-signing') ? { ...config, ForceWithoutCrossSigning: true } : config;
    await attempt('Error setting CA configuration', api.expectOk('PUT', PATH, { body }));
    io.out('Configuration updated!\n');
    return 0;
  },
};
