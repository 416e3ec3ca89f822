import type { Log, LogLevel } from '../../base/ports.ts';
import { LOG_LEVELS, type LogLine } from '../../control/agent/log-tap.ts';

export interface LogReader {
  /** What is below is not read. */
  level: LogLevel;
  read(line: LogLine): void;
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
    const line: LogLine = { time: this.#now(), level, message, fields };
    for (const reader of wanting) reader.read(line);
  }

  /** Returns what ends it. */
  add(reader: LogReader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}
