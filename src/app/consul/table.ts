import type { Command, CommandGroup } from './command.ts';

/** A word behind `consul`. */
export interface TopCommand {
  /** For the list of all commands, which loads none of them. */
  readonly synopsis: string;
  /** The only place where its code is named: nothing else of it is loaded before it is called. */
  load(): Promise<Command | CommandGroup>;
}

/** Every command of Consul's command line that has a meaning here, by its first word. */
export const CONSUL_COMMANDS: Readonly<Record<string, TopCommand>> = {
  config: {
    synopsis: 'Read and write config entries',
    load: async () => (await import('./config.ts')).config,
  },
  intention: {
    synopsis: 'Say which services may call which',
    load: async () => (await import('./intention.ts')).intention,
  },
  validate: {
    synopsis: 'Check configuration files of an agent',
    load: async () => (await import('./validate.ts')).validate,
  },
  version: {
    synopsis: 'Print the version',
    load: async () => (await import('./version.ts')).version,
  },
};
