import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  group: 'Environments',
  summary: 'Show what runs: workloads, services, sidecars, ports',
  args: [
    {
      name: 'name',
      doc: 'a workload, service, command or Job, with all that is known of it; without one, everything in short',
      completes: ['workload', 'service'],
    },
  ],
  options: [{ flags: '--json', doc: 'print it as JSON' }],
  examples: [
    ['mesh status', 'what runs, where, since when'],
    ['mesh status payments', 'its image, address, checks, mounts, restarts and last lines'],
    [`mesh status --json | jq '.proxies[] | {id, servesIndex}'`, 'which configuration each sidecar serves'],
  ],
  see: ['logs', 'metrics', 'doctor'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/status.ts')).status,
};
