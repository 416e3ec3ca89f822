import { parseDuration } from '../base/duration.ts';
import type { Range } from '../base/source.ts';
import { caution, type Problem, problem } from '../entries/problem.ts';

/** Collects what is wrong with a configuration, with its place. The texts are Consul's. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly #ranges: ReadonlyMap<string, Range>;

  constructor(ranges: ReadonlyMap<string, Range>) {
    this.#ranges = ranges;
  }

  /** Ends the work: its text is Consul's whole answer. */
  refuse(path: string, text: string, hint?: string): void {
    this.problems.push(problem('alone', path, text, { at: this.#ranges.get(path), ...(hint === undefined ? {} : { hint }) }));
  }

  /** One of a list. */
  add(path: string, text: string): void {
    this.problems.push(problem('listed', path, text, { at: this.#ranges.get(path) }));
  }

  warn(path: string, text: string): void {
    this.problems.push(caution(path, text, { at: this.#ranges.get(path) }));
  }

  /** Milliseconds. */
  duration(path: string, text: string | undefined, fallbackMs: number): number {
    if (text === undefined || text === '') return fallbackMs;
    const parsed = parseDuration(text);
    if (parsed.ok) return parsed.ns / 1e6;
    this.add(path, `${path}: invalid duration: ${JSON.stringify(text)}: ${parsed.error}`);
    return fallbackMs;
  }

  choice<const T extends string>(path: string, text: string | undefined, choices: readonly T[], fallback: NoInfer<T>, refusal: string): T {
    if (text === undefined || text === '') return fallback;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.refuse(path, `${refusal}: ${text}`, `one of: ${choices.join(', ')}`);
    return found ?? fallback;
  }
}
