import type { Io } from '../io.ts';
import { type CommandGroup, runEntry } from './command.ts';

export const intention: CommandGroup = {
  name: 'intention',
  description: 'Works with intentions: which service may call which.',
  examples: ['intention create web db', 'intention check web db', 'intention match db'],
  commands: {
    check: async () => (await import('./intention-check.ts')).intentionCheck,
    create: async () => (await import('./intention-create.ts')).intentionCreate,
    delete: async () => (await import('./intention-delete.ts')).intentionDelete,
    get: async () => (await import('./intention-get.ts')).intentionGet,
    list: async () => (await import('./intention-list.ts')).intentionList,
    match: async () => (await import('./intention-match.ts')).intentionMatch,
  },
  connectError: 'Error connecting to Consul agent',
};

/**
 * Consul's `intention`, with its texts, streams and exit codes. Where 1.8 and newer ones differ this is the newer
 * (command/intention/ of Consul 1.9 and later): `list`, `get` and `delete` of the pair, a delete of nothing succeeds.
 */
export function intentionCommand(argv: readonly string[], io: Io, program = 'mesh'): Promise<number> {
  return runEntry(intention, argv, io, program);
}
