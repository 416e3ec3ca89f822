import { AGENT_FLAGS } from './agent-flags.ts';
import type { Command } from './command.ts';

/** How the user called it: as `mesh agent` it needs no `data_dir`, has the home's, and says more. */
export type AgentProgram = 'mesh' | 'consul';

export function agentCommand(program: AgentProgram): Command {
  return {
    name: 'agent',
    synopsis: 'Run an agent',
    usage: [''],
    description: 'Runs an agent in the foreground, until it is interrupted. SIGHUP reads its files again.',
    examples: ['agent -dev', 'agent -config-dir /etc/consul.d', 'agent -data-dir data -config-file server.hcl -http-port 18500'],
    flags: program === 'mesh' ? [...AGENT_FLAGS, ...OWN_FLAGS] : AGENT_FLAGS,
    offline: true,
    run: async (context) => (await import('../cli/agent.ts')).runAgent(context, program),
  };
}

const OWN_FLAGS: Command['flags'] = [
  { name: 'ports', kind: 'string', value: 'mode', doc: 'fixed or auto: what to do when the port of the HTTP API is taken.' },
  { name: 'dataplane-workers', kind: 'string', value: 'n', doc: 'Processes that the sidecars are spread over; 1 by default.' },
];

export const agent = agentCommand('consul');
