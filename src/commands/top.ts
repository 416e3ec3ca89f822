import type { Command } from './command.ts';

export const top: Command = {
  name: 'top',
  group: 'Environments',
  summary: 'Watch rates, success and latencies of services, as they are',
  description:
    'What the sidecars and gateways of the agent have counted since the last look. Each call is counted once, as its caller has seen it. On a terminal the keys are: q quits, b changes what the rows are, s what they are sorted by, space pauses. Elsewhere a table is printed each time.',
  args: [{ name: 'service', doc: 'only calls to and from this service', completes: 'service' }],
  options: [
    {
      flags: '--by <what>',
      doc: 'what a row is: service, route, source or edge; for one service edge by default, else service',
      choices: ['service', 'route', 'source', 'edge'],
    },
    { flags: '--sort <what>', doc: 'rate, errors, p99 or name', default: 'rate', choices: ['rate', 'errors', 'p99', 'name'] },
    { flags: '--interval <duration>', doc: 'time between two looks', default: '1s' },
    { flags: '--once', doc: 'print one table, of one interval, and end' },
    { flags: '--dc <name>', doc: 'only what concerns this datacenter', completes: 'datacenter' },
    { flags: '--json', doc: 'print one JSON object a line each time' },
  ],
  examples: [
    ['mesh top', 'every service that is called'],
    ['mesh top payments --by route', 'which routes and subsets its callers take'],
    ['mesh top --once --interval 10s', 'ten seconds, as a table'],
    ["mesh top --json | jq -c '.rows[] | {destination, p99}'", 'for a script'],
  ],
  see: ['tap', 'metrics'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/top.ts')).top,
};
