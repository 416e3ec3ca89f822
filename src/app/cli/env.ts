import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import { bare } from './bare.ts';
import { runningStatus } from './output.ts';

interface Variable {
  readonly name: string;
  /** What stands between the double quotes. */
  readonly quoted: string;
}

/** `mesh env`: for `eval "$(mesh env)"`. What blueprints set (README.md, `*.yard`), then their outputs. */
export async function env(input: Input, io: Io): Promise<number> {
  if (input.options['consul'] === true) return forConsul(input, io);
  const { blueprints, outputs } = await runningStatus(io);
  const ofBlueprints = blueprints.flatMap(({ metadata }) => metadata?.env ?? []);
  const variables: Variable[] = [
    ...ofBlueprints.map(({ name, value }) => ({ name, quoted: keepingVariables(value) })),
    ...Object.entries(outputs).map(([name, value]) => ({ name, quoted: literal(bare(value)) })),
  ];
  for (const { name, quoted } of variables) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) io.err(`${JSON.stringify(name)} is left out: a shell has no such variables\n`);
    else io.out(input.options['unset'] === true ? `unset ${name}\n` : `export ${name}="${quoted}"\n`);
  }
  return 0;
}

/** What Consul's command line and libraries read. An agent that a user started needs no blueprint for it. */
function forConsul(input: Input, io: Io): number {
  const address = io.agentHttpAddress();
  if (address === undefined) throw new MeshError('failed', 'no agent is running', { hint: 'mesh agent -dev' });
  const url = address.includes('://') ? address : `http://${address}`;
  io.out(input.options['unset'] === true ? 'unset CONSUL_HTTP_ADDR\n' : `export CONSUL_HTTP_ADDR="${literal(url)}"\n`);
  return 0;
}

/** Nothing in it means anything to the shell. */
function literal(value: string): string {
  return value.replace(/[\\"`$]/g, '\\$&');
}

/** The shell fills in `${HOME}` and `$HOME`, as blueprints expect; it runs no command. */
function keepingVariables(value: string): string {
  return value.replace(/[\\"`]|\$(?!\w|\{\w+\})/g, '\\$&');
}
