import type { Input } from '../../commands/command.ts';
import { runConsul } from '../consul/top.ts';
import type { Io } from '../io.ts';

/** `mesh consul …`, and mesh called by the name `consul`: Consul's texts alone, no word of ours. */
export function consul(input: Input, io: Io): Promise<number> {
  return runConsul(input.args, { ...io, diagnostics: false }, 'consul');
}
