import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from '../../base/errors.ts';

const DEADLINE_MS = 1000;
const POLL_MS = 2;

/**
 * Ends what the leader left in its process group, and waits until it is gone: it would hold ports against its successor.
 * Bounded, because a process that sits in the kernel (a dead network disk) does not even follow SIGKILL.
 */
export async function endGroup(group: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (signalGroup(group, 'SIGKILL') && (await hasLiving(group)) && performance.now() < deadline) await delay(POLL_MS);
}

/** Signals a process group; false when there is none any more. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: only zombies are left in it (macOS), or the number belongs to somebody else by now.
    if (!['ESRCH', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
    return false;
  }
}

const hasLiving = async (group: number): Promise<boolean> => (await livingIn(group))?.length !== 0;

/**
 * Pids of a process group; undefined without /proc. Where process 1 collects no orphans (many containers), their zombies stay
 * in the group for ever: they hold nothing, and are left out.
 */
export async function livingIn(group: number): Promise<number[] | undefined> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return undefined;
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat, i) => {
    // `pid (command) state parent group …`; the command may hold anything.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(processGroup) === group && state !== 'Z' && state !== 'X' ? [Number(pids[i])] : [];
  });
}
