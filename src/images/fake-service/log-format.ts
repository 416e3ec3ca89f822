import type { LogLevel } from '../../base/ports.ts';

export type LogFormat = 'text' | 'json';

/** Least to most severe; `off` is above all. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const satisfies readonly (LogLevel | 'off')[];

export function isLogged(level: LogLevel, threshold: LogLevel | 'off'): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(threshold);
}

/** One line, without its end, as HashiCorp's hclog prints it: `2026-01-02T15:04:05.000Z [INFO]  Message: key=value`. */
export function formatLogLine(
  format: LogFormat,
  atMs: number,
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const at = new Date(atMs).toISOString();
  if (format === 'json') return JSON.stringify({ '@level': level, '@message': message, '@timestamp': at, ...fields });
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${quoted(String(value))}`);
  return `${at} ${`[${level.toUpperCase()}]`.padEnd(7)} ${message}${pairs.length > 0 ? ':' : ''}${pairs.join('')}`;
}

/** A value is quoted when it would not read as one word; control characters never reach the terminal. */
function quoted(value: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
}
