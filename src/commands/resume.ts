import type { Command } from './command.ts';

export const resume: Command = {
  name: 'resume',
  group: 'Environments',
  summary: 'Start a paused blueprint again, and return when it is ready',
  args: [{ name: 'blueprint', doc: 'as given to `mesh run`; without one, all that are paused', completes: 'applied-blueprint' }],
  options: [
    { flags: '--timeout <duration>', doc: 'give up waiting for readiness after this time', default: '60s' },
    { flags: '--json', doc: 'print the result as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh resume', 'everything'],
    ['mesh resume v2 --timeout 2m', 'only v2; exit code 5 if it is not ready by then'],
  ],
  exits: [[5, 'not all got ready in time']],
  see: ['pause'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/pause.ts')).resume,
};
