import type { CheckRun, CheckStatus } from '../../catalog/types.ts';

/** What one run of a check found. */
export interface Outcome {
  readonly status: CheckStatus;
  readonly output: string;
}

/** Makes a check once. Never rejects: what went wrong is the outcome. */
export type Probe = (run: CheckRun, signal: AbortSignal) => Promise<Outcome>;

export const passing = (output: string): Outcome => ({ status: 'passing', output });
export const critical = (output: string): Outcome => ({ status: 'critical', output });

/** Consul's limit of what is kept of an output, in bytes. */
const OUTPUT_BYTES = 4096;

export const outputLimit = (run: CheckRun): number => run.OutputMaxSize || OUTPUT_BYTES;

/** Of what was reported, the end is cut off. */
export function beginning(output: string, limit: number): string {
  const bytes = Buffer.from(output);
  if (bytes.length <= limit) return output;
  return `${bytes.subarray(0, limit).toString('utf8')} ... (captured ${limit} of ${bytes.length} bytes)`;
}

const LONGEST_MS = 10_000;

/** Consul: a check should be over before the next one begins, and after 10 s. */
export function timeoutMs({ Timeout = 0, Interval = 0 }: CheckRun): number {
  if (Timeout > 0) return Timeout / 1e6;
  return Interval > 0 ? Math.min(LONGEST_MS, Interval / 1e6) : LONGEST_MS;
}

/** The last bytes of something long: the end says more than the beginning. */
export class Tail {
  readonly #limit: number;
  #kept = Buffer.alloc(0);
  total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.total += chunk.length;
    const all = Buffer.concat([this.#kept, chunk.subarray(-this.#limit)]);
    this.#kept = all.subarray(-this.#limit);
  }

  get text(): string {
    return this.#kept.toString('utf8');
  }
}
