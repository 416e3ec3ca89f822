import { lstat, readFile } from 'node:fs/promises';
import type { Home } from '../home.ts';
import type { StatusReport } from '../rpc/status.ts';
import { type Finding, ok, warn } from './finding.ts';

const NAME = 'clock';

/** More than file systems and starting programs explain. */
const SLACK_MS = 30_000;
const HINT = 'set the clock right (timedatectl, chronyc makestep), then: mesh agent restart; certificates and timeouts go by it';

/** Files of the home from the future, and a wall clock that was set while the agent has been running. */
export async function checkClock(home: Home, status: StatusReport | undefined, now: number): Promise<Finding> {
  for (const file of [home.recordPath, home.journalPath, home.agentLog]) {
    const written = (await lstat(file).catch(() => undefined))?.mtimeMs ?? 0;
    if (written > now + SLACK_MS)
      return warn(NAME, `${file} was written ${spanText(written - now)} in the future: the clock has gone back`, HINT);
  }
  const elapsed = status && (await ageOf(status.agent.pid));
  if (status && elapsed !== undefined) {
    const jumped = now - Date.parse(status.agent.since) - elapsed;
    if (Math.abs(jumped) > SLACK_MS) {
      const way = jumped > 0 ? 'forward' : 'back';
      return warn(NAME, `it was set ${way} by ${spanText(Math.abs(jumped))} since the agent started`, HINT);
    }
  }
  return ok(NAME, new Date(now).toISOString());
}

/** Milliseconds since a process started, by the clock that nobody sets. Linux alone tells. */
async function ageOf(pid: number): Promise<number | undefined> {
  const [stat, uptime] = await Promise.all([read(`/proc/${pid}/stat`), read('/proc/uptime')]);
  // The name of the program, in brackets, may hold anything.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const up = Number(uptime.split(' ', 1)[0]);
  return stat !== '' && uptime !== '' && Number.isFinite(ticks) ? (up - ticks / TICKS_A_SECOND) * 1000 : undefined;
}

/** USER_HZ: the same on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** `42 s`, `3 min`, `5 h`, `2 days`. */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
