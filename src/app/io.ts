import type { Log } from '../base/ports.ts';
import type { ImageMapping } from '../blueprints/image-mapping.ts';
import type { FullScreen } from '../ui/full-screen.ts';
import type { Standby } from './cli/agent-process.ts';

/** What a use case may touch of the process it runs in. Built once by `main.ts`; tests pass their own. */
export interface Io {
  /** Data. */
  readonly out: (text: string) => void;
  /** Messages, progress, errors. */
  readonly err: (text: string) => void;
  /** Data that is no text, after what `out` has written. */
  readonly outBytes: (bytes: Uint8Array) => void;
  /** The whole of standard input. */
  stdin(): Promise<string>;
  /** The same, where it may be no text. */
  stdinBytes(): Promise<Buffer>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by Ctrl-C and SIGTERM; its reason is the MeshError to fail with. */
  readonly signal: AbortSignal;
  /** Aborted by a second Ctrl-C: leave at once, whatever goes on elsewhere. */
  readonly detach: AbortSignal;
  /** From now on an error of one connection that nobody has caught does not end the process. */
  surviveStrayErrors?(log: Log): Promise<void>;
  /** Calls `work` at each SIGHUP from now on, which otherwise ends the process. */
  onHangup?(work: () => void): void;
  readonly terminal: Terminal;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** `20.20.2` */
  readonly nodeVersion: string;
  /** The terminal, for questions. Only who asks opens it: that takes some milliseconds. */
  keyboard(): NodeJS.ReadableStream;
  readonly screen: NodeJS.WritableStream;
  /** The whole terminal, to be redrawn; undefined where standard output is none. Absent: there is none to be had. */
  openFullScreen?(): Promise<FullScreen | undefined>;
  /**
   * Lends the terminal, or whatever the standard streams are, to a program until it ends; signals are its own affair
   * meanwhile. Resolves with its exit code (128 + signal number when a signal ended it), rejects when it can't be started.
   */
  lend(command: readonly string[], options: { env: Readonly<Record<string, string>>; cwd: string }): Promise<number>;
  /** Starts a program on this process's own output streams, and passes on to it the signals that this process gets meanwhile. */
  start(command: readonly string[], options: ChildOptions): Promise<Child>;
  /** The process of an agent that has been started already, for a command that will probably need one. */
  readonly standby?: Standby;
  /** Local programs that stand for images, from the configuration files that are in effect. */
  readonly images?: readonly ImageMapping[];
  /** How this package's own processes are started. */
  readonly programs: Programs;
  /** Print our positioned diagnostics below Consul's own line (a terminal, or `-v`). */
  readonly diagnostics: boolean;
  /** Folder of the blueprints that come with the package. */
  readonly shippedBlueprints: string;
  /** Folder of the dashboard's files. */
  readonly dashboardFolder: string;
  /** HTTP address of the agent of this home (`127.0.0.1:8500`), if it has left a record. */
  agentHttpAddress(): string | undefined;
  /** Called after an acknowledged write to the agent of this home: waits until the sidecars serve it and says so on `err`. */
  afterWrite?(address: string): Promise<void>;
}

export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Its standard input: this process's own, or a text; nothing without it. */
  readonly input?: 'inherit' | { readonly text: string };
}

export interface Child {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  kill(signal: NodeJS.Signals): void;
  /** Rejects when it could not be started. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Command lines of the processes that this package consists of: Node and a bundle. */
export interface Programs {
  readonly agent: readonly string[];
  readonly dataplane: readonly string[];
  readonly fakeService: readonly string[];
  readonly docs: readonly string[];
  readonly traces: readonly string[];
  /** The command line itself, for scripts that call it. */
  readonly mesh: readonly string[];
}

export interface Terminal {
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly colour: boolean;
  /** Spinners and redrawing: a TTY, not in CI. */
  readonly animate: boolean;
  readonly columns: number;
}
