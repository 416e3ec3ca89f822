import type { Command } from './command.ts';

export const destroy: Command = {
  name: 'destroy',
  aliases: ['down'],
  group: 'Environments',
  summary: 'Remove a blueprint, or everything that runs',
  description:
    'Ends its processes and takes its registrations and state away. With the last blueprint go the datacenter ' +
    '(config entries, intentions, CA) and the agent. Destroying what does not run is no error.',
  args: [{ name: 'blueprint', doc: 'as given to `mesh run`; without one, everything', completes: 'applied-blueprint' }],
  options: [
    { flags: '--json', doc: 'print the result as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh destroy v1', 'only v1'],
    ['mesh destroy', 'everything'],
  ],
  see: ['run', 'purge'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/destroy.ts')).destroy,
};
