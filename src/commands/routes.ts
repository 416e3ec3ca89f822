import type { Command } from './command.ts';

export const routes: Command = {
  name: 'routes',
  group: 'Environments',
  summary: 'Show where calls of a service may go, and how many went there',
  description:
    'For each upstream of its sidecar, or listener of a gateway, the routes in the order in which they are tried: what they match, how they are split, what stands in, timeouts and retries, and the calls that took them since the sidecars began to count.',
  args: [{ name: 'service', doc: 'the service that calls; without one, all that do', completes: 'sidecar' }],
  options: [
    { flags: '--dc <name>', doc: 'only services of this datacenter', completes: 'datacenter' },
    { flags: '--json', doc: 'print JSON' },
  ],
  examples: [
    ['mesh routes web', 'where web may go'],
    ["mesh routes web --json | jq '.[].routes[].splits[] | {cluster, weight, calls: .soFar.calls}'", 'whether a canary gets its share'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/routes.ts')).routes,
};
