/** What the effectful world gives to pure code: each has a real implementation at the rim and a fake in tests. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A lower-case version-4 UUID. */
  uuid(): string;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Structured log: a message and plain fields. Secrets are never passed to it. */
export interface Log {
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void;
}

export const silentLog: Log = { log: () => undefined };
