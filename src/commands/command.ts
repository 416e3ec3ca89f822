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
  /** Exit codes that mean something of its own, beside those that all commands share. */
  readonly exits?: readonly (readonly [code: number, when: string])[];
  /** Commands to look at as well: `config write`. */
  readonly see?: readonly string[];
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
  /** What it can be, where that is a few words. */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** What a shell offers for a word: names of one kind, or of several, as they are at that moment (src/app/complete/names.ts). */
export type Completes = Names | readonly Names[];

export type Names =
  /** What can be run: shipped blueprints, folders, files. */
  | 'blueprint'
  | 'shipped-blueprint'
  | 'applied-blueprint'
  /** `container.payments` */
  | 'resource'
  | 'workload'
  /** What `mesh logs` prints: workloads, services, and the agent, the data plane and access logs. */
  | 'log'
  /** `web=`, of what can be scaled. */
  | 'deployment'
  | 'cluster'
  | 'output'
  | 'service'
  /** Of the service that stands before it. */
  | 'upstream'
  /** Services that have a sidecar, gateways, and ids of sidecars. */
  | 'sidecar'
  | 'node'
  | 'datacenter'
  | 'entry-kind'
  /** Of the kind that `-kind` or the word before names. */
  | 'entry-name'
  /** Key of the key-value store, a level at a time. */
  | 'key'
  | 'policy'
  | 'role'
  | 'auth-method'
  | 'peer'
  /** Words that name a command. */
  | 'command'
  | 'file'
  | 'folder';

export interface Option {
  /** commander's notation: `-f, --follow`, `--timeout <duration>`. */
  readonly flags: string;
  readonly doc: string;
  readonly default?: string | boolean;
  /** May be given several times: the input holds a list. */
  readonly repeatable?: boolean;
  /** What its value can be, where that is a few words. */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  /** Why a configuration file can't give it a default. */
  readonly onlyTyped?: string;
}

export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Returns the exit code; throws a MeshError for everything that the user should read. */
export type UseCase = (input: Input, io: Io) => Promise<number>;
