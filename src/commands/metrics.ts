import type { Command } from './command.ts';

export const metrics: Command = {
  name: 'metrics',
  group: 'Environments',
  summary: 'Print what sidecars have counted, for Prometheus',
  description:
    'The names are those of Envoy, with the labels that Consul gives them. `GET /v1/agent/metrics/proxies` of the agent answers the same.',
  args: [{ name: 'sidecar', doc: 'a service, or the id of a sidecar; without one, all', completes: 'sidecar' }],
  options: [{ flags: '--openmetrics', doc: 'print OpenMetrics' }],
  examples: [
    ['mesh metrics web', 'requests, errors and times of web, and of what it calls'],
    ['mesh metrics | grep mesh_denied_total', 'which rules have refused requests, and how many'],
  ],
  see: ['top', 'status'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/metrics.ts')).metrics,
};
