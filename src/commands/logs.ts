import type { Command } from './command.ts';

export const logs: Command = {
  name: 'logs',
  aliases: ['log'],
  group: 'Environments',
  summary: 'Print the output of workloads, the agent or the data plane',
  args: [
    {
      name: 'name',
      doc: 'workloads, services, commands, Jobs; "agent", "dataplane", "access", "access.web"; none: all of the first four',
      variadic: true,
      completes: 'log',
    },
  ],
  options: [
    { flags: '-f, --follow', doc: 'go on printing as lines are written, until Ctrl-C' },
    { flags: '-n, --lines <count>', doc: 'start with the last lines of each; "all" for everything', default: '100' },
    { flags: '--since <duration>', doc: 'only lines that say a time, and one in this time: 10m' },
    { flags: '--json', doc: 'print {at, source, line} a line; at is in milliseconds, and missing where a log knows no times' },
  ],
  examples: [
    ['mesh logs payments', 'the last 100 lines'],
    ['mesh logs -f', 'follow everything that runs, each line marked with who wrote it'],
    ['mesh logs web payments -f', 'follow every instance of these two'],
    ['mesh logs access.web -f', "follow the requests through web's sidecar, where access logs are on"],
    ['mesh logs agent -n all', 'why did the agent do that?'],
  ],
  see: ['status', 'monitor'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/logs.ts')).logs,
};
