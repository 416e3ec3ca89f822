import type { Io } from '../app/io.ts';

/** A command as a value: what help, completion and the reference show, and where its code is. Importing it costs nothing. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: Group;
  readonly summary: string;
  /** A paragraph for its own help. */
  readonly description?: string;
  readonly args?: readonly Argument[];
  readonly options?: readonly Option[];
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly subcommands?: readonly Command[];
  /** It looks at the configuration files itself, or works while they are wrong: their defaults are not for it. */
  readonly withoutSettings?: true;
  /**
   * `mesh`: commander parses, this file's options apply. `consul`: everything after the name goes to the use case as it is,
   * because Consul's flags (`-kind=x`), texts and exit codes are its own.
   */
  readonly grammar: 'mesh' | 'consul';
  /** Consul's grammar: what stands behind the name, where that is no subcommand. */
  readonly words?: string;
  /** Absent for a command that only has subcommands. */
  load?(): Promise<UseCase>;
}

export type Group = 'Environments' | 'Consul' | 'Agent';

export interface Argument {
  readonly name: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  readonly doc: string;
}

export interface Option {
  /** commander's notation: `-f, --follow`, `--timeout <duration>`. */
  readonly flags: string;
  readonly doc: string;
  readonly default?: string | boolean;
  /** May be given several times: the input holds a list. */
  readonly repeatable?: boolean;
  /** What its value can be, where that is a few words. */
  readonly choices?: readonly string[];
  /** Why a configuration file can't give it a default. */
  readonly onlyTyped?: string;
}

export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Returns the exit code; throws a MeshError for everything that the user should read. */
export type UseCase = (input: Input, io: Io) => Promise<number>;
