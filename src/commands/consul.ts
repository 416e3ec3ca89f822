import type { Command } from './command.ts';

export const consul: Command = {
  name: 'consul',
  group: 'Consul',
  summary: "Consul's command line, with its texts and exit codes and nothing else",
  examples: [['mesh consul config write web.hcl', 'as `consul config write web.hcl`']],
  grammar: 'consul',
  load: async () => (await import('../app/cli/consul.ts')).consul,
};
