import type { Command } from './command.ts';

export const logs: Command = {
  name: 'logs',
  aliases: ['log'],
  group: 'Environments',
  summary: 'Print the output of a workload, the agent or the data plane',
  args: [{ name: 'name', doc: 'a workload (payments, web-0), a service, "agent" or "dataplane"', required: true }],
  options: [
    { flags: '-f, --follow', doc: 'go on printing as lines are written, until Ctrl-C' },
    { flags: '-n, --lines <count>', doc: 'start with the last lines; "all" for everything', default: '100' },
  ],
  examples: [
    ['mesh logs payments', 'the last 100 lines'],
    ['mesh logs -f web', 'follow every instance of web'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/logs.ts')).logs,
};
