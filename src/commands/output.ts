import type { Command } from './command.ts';

export const output: Command = {
  name: 'output',
  group: 'Environments',
  summary: 'Print the outputs of what runs, or the bare value of one',
  args: [{ name: 'name', doc: 'an output; without one, all of them as JSON', completes: 'output' }],
  examples: [
    ['mesh output', 'all of them, as a JSON object'],
    ['mesh output WEB_ADDR', 'one value, for a script'],
  ],
  see: ['env'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/output.ts')).output,
};
