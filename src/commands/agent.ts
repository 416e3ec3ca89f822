import type { Command } from './command.ts';
import { WORKERS } from './reading.ts';

export const agent: Command = {
  name: 'agent',
  group: 'Agent',
  summary: 'Run the agent in the foreground',
  description:
    '`mesh run` starts an agent by itself, which ends with the last blueprint. An agent started with this command stays, ' +
    'and keeps its config entries and intentions. Ctrl-C ends it; workloads and sidecars go on until they are destroyed. ' +
    "It takes the flags and configuration files of Consul's agent as well: `mesh consul agent -h` explains them. " +
    'SIGHUP, or `mesh reload`, reads the files again.',
  options: [
    { flags: '--http-port <port>', doc: 'port of the HTTP API; 0 takes any (default: the last one here, or 8500)' },
    {
      flags: '--ports <mode>',
      doc: 'what to do when that port is taken: "fixed" fails, "auto" takes another one',
      default: 'fixed',
      choices: ['fixed', 'auto'],
    },
    WORKERS,
    {
      flags: '--log-level <level>',
      doc: 'trace, debug, info, warn or error',
      default: 'info',
      choices: ['trace', 'debug', 'info', 'warn', 'error'],
    },
  ],
  examples: [
    ['mesh agent', 'until Ctrl-C'],
    ['mesh agent -dev', "as Consul's: in memory, on loopback"],
    ['mesh agent -config-dir /etc/consul.d', 'with the files of an agent of Consul'],
    ['mesh agent stop', 'end the agent of this home; workloads go on'],
  ],
  see: ['run', 'reload', 'monitor'],
  grammar: 'consul',
  words: '',
  load: async () => (await import('../app/cli/agent.ts')).agent,
  subcommands: [
    {
      name: 'stop',
      group: 'Agent',
      summary: 'End the agent of this home; workloads and sidecars go on',
      examples: [['mesh agent stop', 'the next `mesh run` or `mesh destroy` takes everything over again']],
      grammar: 'mesh',
      load: async () => (await import('../app/cli/agent.ts')).stopAgent,
    },
    {
      name: 'restart',
      group: 'Agent',
      summary: 'Swap the agent for one of this version; workloads and traffic go on',
      examples: [['mesh agent restart', 'after an upgrade']],
      grammar: 'mesh',
      load: async () => (await import('../app/cli/agent.ts')).restartAgent,
    },
  ],
};
