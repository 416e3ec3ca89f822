import type { Input } from '../../commands/command.ts';
import { CONSUL_COMPATIBILITY } from '../../control/compatibility.ts';
import type { Io } from '../io.ts';
import { VERSION } from '../version.ts';

/** `mesh consul …`, and mesh called by the name `consul`: Consul's texts alone, no word of ours. */
export async function consul(input: Input, io: Io): Promise<number> {
  const [command, ...rest] = input.args;
  const quiet: Io = { ...io, diagnostics: false };
  if (command === 'config') return (await import('../consul/config.ts')).configCommand(rest, quiet, 'consul');
  if (command === 'intention') return (await import('../consul/intention.ts')).intentionCommand(rest, quiet, 'consul');
  if (command === 'version' || command === '--version' || command === '-v') {
    io.out(`Consul v${CONSUL_COMPATIBILITY} (mesh ${VERSION})\n`);
    return 0;
  }
  const help = command === '-h' || command === '--help' || command === '-help';
  const text = `Usage: consul [--version] [--help] <command> [<args>]

Available commands are:
    config       Interact with Consul's Centralized Configurations
    intention    Interact with Connect service intentions
`;
  if (help) io.out(text);
  else io.err(text);
  return help ? 0 : 127;
}
