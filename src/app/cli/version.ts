import type { Input } from '../../commands/command.ts';
import { homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { VERSION } from '../version.ts';

export function version(input: Input, io: Io): Promise<number> {
  const agent = readAgentRecord(homeOf(io.env, io.cwd))?.version;
  if (input.options['json'] === true)
    io.out(`${JSON.stringify({ version: VERSION, agent: agent ?? null, node: io.nodeVersion }, undefined, 2)}\n`);
  else {
    io.out(`mesh ${VERSION}\n`);
    if (agent !== undefined && agent !== VERSION)
      io.out(`the running agent is ${agent}: \`mesh agent restart\` swaps it, workloads and traffic go on\n`);
  }
  return Promise.resolve(0);
}
