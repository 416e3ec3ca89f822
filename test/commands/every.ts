import type { Command } from '../../src/commands/command.ts';
import { COMMANDS } from '../../src/commands/table.ts';

export interface Named {
  /** Words behind `mesh`: `agent stop`. */
  readonly path: string;
  readonly command: Command;
}

/** All commands and subcommands. */
export function everyCommand(commands: readonly Command[] = COMMANDS, above = ''): Named[] {
  return commands.flatMap((command) => {
    const path = `${above}${command.name}`;
    return [{ path, command }, ...everyCommand(command.subcommands ?? [], `${path} `)];
  });
}
