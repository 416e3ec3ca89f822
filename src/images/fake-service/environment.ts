import { parseDuration } from '../../base/duration.ts';
import { parseGoBool } from '../../base/go-parse.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads typed values from environment variables and collects what is wrong with them. An empty variable counts as unset, as in the original. */
export class EnvironmentReader {
  readonly errors: string[] = [];
  #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  optional(name: string): string | undefined {
    return this.#env[name] || undefined;
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  choice<T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    return this.#read(name, fallback, `one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text.toLowerCase()));
  }

  /** Go's strconv.ParseBool. */
  boolean(name: string, fallback: boolean): boolean {
    return this.#read(name, fallback, 'true or false', parseGoBool);
  }

  integer(name: string, fallback: number, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
    const expected = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`;
    return this.#read(name, fallback, expected, (text) => within(/^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN, min, max));
  }

  number(name: string, fallback: number, min: number, max: number = Number.MAX_VALUE): number {
    const expected = max === Number.MAX_VALUE ? `a number, ${min} or more` : `a number from ${min} to ${max}`;
    return this.#read(name, fallback, expected, (text) => within(parseNumber(text), min, max));
  }

  /** Items between commas; none are empty. */
  list(name: string, fallback = ''): string[] {
    const items = this.text(name, fallback).split(',');
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }

  /** A status code that a final response can have. */
  statusCode(name: string, fallback: number): number {
    return this.integer(name, fallback, 200, 999);
  }

  /** HTTP's, or gRPC's of an error. */
  anyStatus(name: string, fallback: number): number {
    const isStatus = (code: number) => Number.isInteger(code) && ((code >= 1 && code <= 16) || (code >= 200 && code <= 999));
    const expected = 'a status code: 200 to 999, or 1 to 16 for gRPC';
    return this.#read(name, fallback, expected, (text) => (isStatus(parseNumber(text)) ? Number(text) : undefined));
  }

  /** Go's duration syntax, in nanoseconds. */
  durationNs(name: string, fallbackNs: number): number {
    return this.#read(name, fallbackNs, 'a duration like 300ms, 1.5s or 1m', (text) => {
      const result = parseDuration(text);
      return result.ok && result.ns >= 0 ? result.ns : undefined;
    });
  }

  durationMs(name: string, fallbackMs: number): number {
    return this.durationNs(name, fallbackMs * 1e6) / 1e6;
  }

  #read<T>(name: string, fallback: T, expected: string, parse: (text: string) => T | undefined): T {
    const text = this.optional(name);
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    this.errors.push(`${name} is ${JSON.stringify(text)}, expected ${expected}`);
    return fallback;
  }
}

/** A decimal number; Number() alone takes blanks and hexadecimals too. NaN otherwise. */
export function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}
