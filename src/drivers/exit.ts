import { constants } from 'node:os';
import type { ExitCause } from './supervise/policy.ts';

/** The shell's way to say that a signal ended a process: 128 and its number. */
const SIGNALED = 128;

/** How a process ended: `exited with code 3`, `was ended by signal 9 (SIGKILL)`. Undefined: while no agent was there to see it. */
export function describeExit(code: number | undefined): string {
  if (code === undefined) return 'exited with an unknown code';
  const name = Object.entries(constants.signals).find(([, number]) => number === code - SIGNALED)?.[0];
  return name === undefined ? `exited with code ${code}` : `was ended by signal ${code - SIGNALED} (${name})`;
}

/** How the last process of a workload ended, in the same words. */
export function describeEnd({ lastExit, lastExitCause }: { lastExit: number | undefined; lastExitCause?: ExitCause | undefined }): string {
  if (lastExitCause === 'not-alive') return 'was restarted: its liveness check failed';
  return lastExitCause === 'not-started' ? 'could not be started' : describeExit(lastExit);
}
