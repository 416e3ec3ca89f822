import type { Clock, Log, LogLevel } from '../../base/ports.ts';

export interface LogLine {
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** From the most talkative. */
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Passes everything on to a log, and to whoever listens at the moment. */
export class LogTap implements Log {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #listeners = new Set<(line: LogLine) => void>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  log(level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    this.#log.log(level, message, fields);
    if (this.#listeners.size === 0) return;
    const line = { time: this.#clock.now(), level, message, fields };
    for (const listener of this.#listeners) listener(line);
  }

  /** Calls back with every line of this level or a graver one, until the returned function is called. */
  listen(least: LogLevel, listener: (line: LogLine) => void): () => void {
    const from = LOG_LEVELS.indexOf(least);
    const heard = (line: LogLine): void => {
      if (LOG_LEVELS.indexOf(line.level) >= from) listener(line);
    };
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }
}

const TAGS: Readonly<Record<LogLevel, string>> = { trace: '[TRACE]', debug: '[DEBUG]', info: '[INFO] ', warn: '[WARN] ', error: '[ERROR]' };

/** As Consul writes its log: for people, or one JSON object. */
export function logLineText({ time, level, message, fields }: LogLine, asJson: boolean): string {
  const at = new Date(time).toISOString();
  if (asJson) {
    const own = { '@level': level, '@message': message, '@module': 'agent', '@timestamp': at };
    return JSON.stringify({ ...own, ...fields });
  }
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`);
  return `${at} ${TAGS[level]} agent: ${message}${pairs.length > 0 ? `:${pairs.join('')}` : ''}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
