import type { Command } from './command.ts';

export const pause: Command = {
  name: 'pause',
  group: 'Environments',
  summary: 'End the workloads of a blueprint, and keep all the rest',
  description:
    'Frees the processor and memory that they use. Their services become critical first and requests in flight end; addresses, ' +
    'volumes, registrations, config entries and ports stay as they are. It stays paused, whatever happens to the agent, until ' +
    '`mesh resume` or `mesh run`.',
  args: [{ name: 'blueprint', doc: 'as given to `mesh run`; without one, all that are applied', completes: 'applied-blueprint' }],
  options: [
    { flags: '--json', doc: 'print the result as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh pause', 'everything'],
    ['mesh pause v2', 'only v2'],
  ],
  see: ['resume', 'destroy'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/pause.ts')).pause,
};
