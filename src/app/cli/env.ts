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

/** Nothing in it means anything to the shell. */
function literal(value: string): string {
  return value.replace(/[\\"`$]/g, '\\$&');
}

/** The shell fills in `${HOME}` and `$HOME`, as blueprints expect; it runs no command. */
function keepingVariables(value: string): string {
  return value.replace(/[\\"`]|\$(?!\w|\{\w+\})/g, '\\$&');
}
