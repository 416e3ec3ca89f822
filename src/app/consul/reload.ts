import { attempt, type Command } from './command.ts';

export const reload: Command = {
  name: 'reload',
  synopsis: 'Let the agent read its files again',
  usage: [''],
  description:
    'Lets the agent read its configuration files again: services, checks, tokens, limits, the log level and certificates.\nFiles that are wrong leave everything as it is.',
  examples: ['reload'],
  flags: [],
  run: async ({ io, client }) => {
    const api = await client();
    await attempt('Error reloading', api.expectOk('PUT', '/v1/agent/reload'));
    io.out('Configuration reload triggered\n');
    return 0;
  },
};
