import type { Command } from './command.ts';

export const events: Command = {
  name: 'events',
  group: 'Environments',
  summary: 'List what has happened in the mesh',
  description:
    'Prints what the agent has seen since it began, the oldest first, of the last 1,000: config entries and intentions written, instances that came and went, checks that changed, configuration that sidecars serve, refused calls, certificates issued, workloads that started, ended or failed, blueprints applied. Kinds are config, intention, service, health, sidecar, denied, certificate, workload, blueprint and agent. `mesh event`, of Consul, is another thing: it fires events of your own.',
  options: [
    { flags: '-f, --follow', doc: 'go on printing as things happen, until Ctrl-C' },
    {
      flags: '--kind <kinds>',
      doc: 'only these, several with commas',
    },
    { flags: '--since <duration>', doc: 'only what happened in this time: 10m' },
    { flags: '-n, --count <count>', doc: 'begin with the last ones' },
    { flags: '--json', doc: 'print a JSON object a line' },
  ],
  examples: [
    ['mesh events', 'what has happened'],
    ['mesh events -f --kind config,sidecar', 'see an entry written, and who serves it'],
    ['mesh events -f --kind denied --json | jq -r .text', 'every call that is refused'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/events.ts')).events,
};
