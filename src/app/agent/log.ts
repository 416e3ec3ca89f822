import type { Log, LogLevel } from '../../base/ports.ts';

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** One message, as every reader of the log gets it. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogReader {
  /** What is below is not read. */
  level: LogLevel;
  read(entry: LogEntry): void;
}

/** The log of an agent: several readers, each with a level that may change while it runs. */
export class AgentLog implements Log {
  readonly #now: () => number;
  readonly #readers = new Set<LogReader>();

  constructor(now: () => number) {
    this.#now = now;
  }

  log(level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    const rank = LOG_LEVELS.indexOf(level);
    const wanting = [...this.#readers].filter((reader) => LOG_LEVELS.indexOf(reader.level) <= rank);
    if (wanting.length === 0) return;
    const entry: LogEntry = { time: this.#now(), level, message, fields };
    for (const reader of wanting) reader.read(entry);
  }

  /** Returns what ends it. */
  add(reader: LogReader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}

/** `2026-11-29T07:05:08.258Z [WARN]  agent: message: key=value`, as Consul writes it. */
export function consulLine({ time, level, message, fields }: LogEntry): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  const said = pairs.map(([key, value]) => ` ${key}=${logValue(value)}`).join('');
  return `${new Date(time).toISOString()} ${`[${level.toUpperCase()}]`.padEnd(7)} agent: ${message}${said === '' ? '' : `:${said}`}`;
}

function logValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) || text === '' ? JSON.stringify(text) : text;
}

/** One JSON object, in Consul's names. */
export function consulJson({ time, level, message, fields }: LogEntry): string {
  return JSON.stringify({
    '@level': level,
    '@message': message,
    '@module': 'agent',
    '@timestamp': new Date(time).toISOString(),
    ...fields,
  });
}
