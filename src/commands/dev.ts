import type { Command } from './command.ts';
import { BLUEPRINT, PORTS, VARIABLES } from './reading.ts';

export const dev: Command = {
  name: 'dev',
  group: 'Environments',
  summary: 'Run a blueprint, watch what it was read from, and apply every change',
  description:
    'Watches the files of the blueprint and of its modules, and everything that was read on the way: manifests, files that are ' +
    'mounted, what file() reads. After a change it shows the plan and applies it. With errors in the files it shows them, leaves alone ' +
    'what runs, and waits for the next change. Ctrl-C ends the watching and leaves the blueprint running.',
  args: [BLUEPRINT],
  options: [
    ...VARIABLES,
    { flags: '--interval <duration>', doc: 'look at the files this often, for file systems that tell nobody of changes' },
    { flags: '--no-browser', doc: 'do not open the pages of the blueprint in a browser' },
    { flags: '--timeout <duration>', doc: 'give up waiting for readiness after this time', default: '60s' },
    { flags: '--http-port <port>', doc: 'port of the HTTP API for a new agent; 0 takes any (default: the last one here, or 8500)' },
    PORTS,
    { flags: '--json', doc: 'print one event a line, as JSON' },
  ],
  examples: [
    ['mesh dev', 'the blueprint in this folder'],
    ['mesh dev ./shop --interval 2s', 'in a folder that is mounted over the network'],
    ['mesh dev --json', 'for another program: one event a line'],
  ],
  see: ['run', 'logs'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/dev.ts')).dev,
};
