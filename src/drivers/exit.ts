import { constants } from 'node:os';

/** The shell's way to say that a signal ended a process: 128 and its number. */
const SIGNALED = 128;

/** How a process ended: `exited with code 3`, `was ended by signal 9 (SIGKILL)`. Undefined: while no agent was there to see it. */
export function describeExit(code: number | undefined): string {
  if (code === undefined) return 'exited with an unknown code';
  const name = Object.entries(constants.signals).find(([, number]) => number === code - SIGNALED)?.[0];
  return name === undefined ? `exited with code ${code}` : `was ended by signal ${code - SIGNALED} (${name})`;
}
