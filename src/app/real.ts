import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Log, LogLevel, Random } from '../base/ports.ts';

/** The real clock, randomness and log of a process. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};

export const realRandom: Random = { next: () => Math.random(), uuid: () => randomUUID() };

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** One JSON line per message, as pino writes them, with `fixed` fields in each; `write` is where they go. */
export function lineLog(level: LogLevel, fixed: Readonly<Record<string, string>>, write: (line: string) => void): Log {
  const lowest = LEVELS.indexOf(level);
  return {
    log(at, message, fields) {
      if (LEVELS.indexOf(at) < lowest) return;
      write(`${JSON.stringify({ time: new Date().toISOString(), level: at, ...fixed, message, ...fields })}\n`);
    },
  };
}

export function isLogLevel(text: string | undefined): text is LogLevel {
  return LEVELS.includes(text as LogLevel);
}

/**
 * Writes at once: what is said last before a crash is what one wants to read. A full disk, or a reader that has gone, must not
 * end the process.
 */
export function writeQuietly(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // Nowhere is left to say so.
  }
}
