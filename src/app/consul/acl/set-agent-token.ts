import { attempt, type Command, Failure } from '../command.ts';

/** Consul's names of before 1.11 are taken as well; in the path stands what the API calls it. */
const TYPES: Readonly<Record<string, string>> = {
  default: 'default',
  agent: 'agent',
  recovery: 'agent_recovery',
  master: 'agent_master',
  replication: 'replication',
  config_file_service_registration: 'config_file_service_registration',
  dns: 'dns',
};

export const setAgentToken: Command = {
  name: 'acl set-agent-token',
  synopsis: 'Give the agent a token of its own',
  usage: ['TYPE TOKEN'],
  description: `Gives the agent a token that it works with from now on. TYPE: ${Object.keys(TYPES).join(', ')}.`,
  examples: ['acl set-agent-token default c4d0f8df-3aba-4ab6-a7a0-35b760dc29a1'],
  flags: [],
  run: async ({ io, args, client }) => {
    const [type, token] = args;
    if (type === undefined) throw new Failure('Error! Missing TYPE and TOKEN arguments');
    if (token === undefined) throw new Failure('Error! Missing TOKEN argument');
    if (args.length > 2) throw new Failure(`Error! Too many arguments: expected 2 got ${args.length}`);
    if (!Object.hasOwn(TYPES, type)) throw new Failure('Unknown token type');
    const api = await client();
    const setting = api.expectOk('PUT', `/v1/agent/token/${TYPES[type]}`, { body: { Token: token } });
    await attempt(`Failed to set ACL token ${JSON.stringify(type)}`, setting);
    io.out(`ACL token ${JSON.stringify(type)} set successfully\n`);
    return 0;
  },
};
