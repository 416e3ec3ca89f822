import type { LogLine } from '../../api/log-line.ts';

/** What the programs behind services write. */
export interface WorkloadLogs {
  /** The last lines of each workload of a service. Undefined: none of them runs here. */
  read(service: string, lines: number): Promise<ReadLogs | undefined>;
}

export interface ReadLogs {
  readonly lines: readonly LogLine[];
  /** Tells of those that come after them, until the signal. */
  readonly follow: (push: (line: LogLine) => void, signal: AbortSignal) => Promise<void>;
}
