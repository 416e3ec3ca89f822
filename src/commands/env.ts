import type { Command } from './command.ts';

export const env: Command = {
  name: 'env',
  group: 'Environments',
  summary: 'Print the environment variables of what runs, for your shell',
  description:
    'Those that blueprints set (`env` in the front matter of README.md, or in a *.yard file), and their outputs. ' +
    'Variables of your shell in a value, such as $HOME, are left to the shell.',
  options: [
    { flags: '--consul', doc: "only what Consul's own clients need to find this agent: CONSUL_HTTP_ADDR" },
    { flags: '--unset', doc: 'print what takes them away again' },
  ],
  examples: [
    ['mesh env', 'export NAME="value", one a line'],
    ['mesh env --consul', 'for eval: then `consul members` and the like ask this agent'],
    ['mesh env --unset', 'unset NAME, one a line'],
  ],
  see: ['output', 'consul'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/env.ts')).env,
};
