import type { Io } from '../io.ts';
import { type CommandGroup, runEntry } from './command.ts';

export const config: CommandGroup = {
  name: 'config',
  description: 'Works with config entries: what services speak, and how calls to them are routed, split, resolved and allowed.',
  examples: [
    'config write payments_defaults.hcl',
    'config read -kind service-defaults -name payments',
    'config list -kind service-defaults',
    'config delete -kind service-defaults -name payments',
    'config apply consul/',
    'config lint consul/',
  ],
  commands: {
    apply: async () => (await import('./config-apply.ts')).configApply,
    delete: async () => (await import('./config-delete.ts')).configDelete,
    diff: async () => (await import('./config-apply.ts')).configDiff,
    lint: async () => (await import('./config-lint.ts')).configLint,
    list: async () => (await import('./config-list.ts')).configList,
    read: async () => (await import('./config-read.ts')).configRead,
    validate: async () => (await import('./config-validate.ts')).configValidate,
    write: async () => (await import('./config-write.ts')).configWrite,
  },
  connectError: 'Error connect to Consul agent',
};

/** Consul's `config`, with its texts, streams and exit codes. `program` is how the user called it. */
export function configCommand(argv: readonly string[], io: Io, program = 'mesh'): Promise<number> {
  return runEntry(config, argv, io, program);
}
