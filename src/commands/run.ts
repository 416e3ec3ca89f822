import type { Command } from './command.ts';
import { BLUEPRINT, FORCE_UPDATE, PORTS, REPLACE, VARIABLES, WORKERS } from './reading.ts';

export const run: Command = {
  name: 'run',
  aliases: ['up'],
  group: 'Environments',
  summary: 'Run a blueprint, and return when all of it is ready',
  description:
    'Looks for the blueprint at the path given, in ./blueprints, and among the shipped ones; without a name, in this folder. ' +
    'An address (github.com/org/repo//folder?ref=v1, git::https://…) is fetched with git, once. ' +
    'Other blueprints that run already stay. Running one again applies what has changed in its files.',
  args: [BLUEPRINT],
  options: [
    ...VARIABLES,
    REPLACE,
    FORCE_UPDATE,
    { flags: '--no-browser', doc: 'do not open the pages of the blueprint in a browser' },
    { flags: '--timeout <duration>', doc: 'give up waiting for readiness after this time', default: '60s' },
    {
      flags: '--http-port <port>',
      doc: 'port of the HTTP API for a new agent; 0 takes any (default: the last one here, or 8500)',
    },
    PORTS,
    WORKERS,
    { flags: '--json', doc: 'print the result as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh run v2', 'the shipped blueprint v2, or ./v2 if there is one'],
    ['mesh run', 'the blueprint in this folder'],
    ['mesh run v2 --replace v1', 'v2 in the place of v1, without a lost request'],
    ['mesh run --var region=eu ./shop', 'with a value for `variable "region"`'],
    ['mesh run github.com/org/blueprints//consul?ref=v1', 'a folder of a git repository'],
    ['MESH_HOME=$(mktemp -d) mesh run v2 --ports auto --http-port 0 --json', 'a second mesh beside the first, for CI'],
  ],
  exits: [
    [3, 'a file is wrong; nothing was started'],
    [4, 'a port is taken, or a program is missing'],
    [5, 'not all got ready in time; it goes on with the next run'],
  ],
  see: ['plan', 'dev', 'status', 'destroy'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/run.ts')).run,
};
