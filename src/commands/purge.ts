import type { Command } from './command.ts';

export const purge: Command = {
  name: 'purge',
  group: 'Environments',
  summary: 'Destroy everything and remove the home folder',
  options: [{ flags: '-y, --yes', doc: 'do not ask', onlyTyped: 'it is the answer to a question' }],
  examples: [['mesh purge -y', 'leave nothing behind']],
  see: ['destroy'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/purge.ts')).purge,
};
