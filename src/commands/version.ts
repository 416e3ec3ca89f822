import type { Command } from './command.ts';

export const version: Command = {
  name: 'version',
  group: 'Agent',
  summary: 'Show the version, and that of the running agent',
  options: [{ flags: '--json', doc: 'print it as JSON' }],
  examples: [['mesh version', 'this version and the agent’s']],
  grammar: 'mesh',
  withoutSettings: true,
  load: async () => (await import('../app/cli/version.ts')).version,
};
