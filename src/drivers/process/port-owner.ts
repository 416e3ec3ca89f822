import { readdir, readFile } from 'node:fs/promises';
import { listeningSockets, socketsOf } from './listening.ts';

export interface PortOwner {
  readonly uid?: number;
  readonly pid?: number;
  /** First words of its command line. */
  readonly command?: string;
}

/**
 * Who listens on a local TCP port, from /proc (Linux; elsewhere undefined). The pid is known only when its descriptors are
 * readable: one's own processes, or as root.
 */
export async function portOwner(address: string, port: number): Promise<PortOwner | undefined> {
  const socket = (await listeningSockets()).find((s) => s.port === port && (s.address === address || s.wildcard || address === '0.0.0.0'));
  if (!socket) return undefined;
  const pid = await pidOfSocket(socket.inode);
  if (pid === undefined) return { uid: socket.uid };
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').filter(Boolean).slice(0, 3).join(' ');
  return { uid: socket.uid, pid, command };
}

/** `pid 4242 (nginx -g daemon off;)`, `a process of uid 33`, or "another process". */
export function describeOwner(owner: PortOwner | undefined): string {
  if (owner?.pid !== undefined) return `pid ${owner.pid}${owner.command ? ` (${owner.command})` : ''}`;
  return owner?.uid === undefined ? 'another process' : `a process of uid ${owner.uid}`;
}

async function pidOfSocket(inode: string): Promise<number | undefined> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) if ((await socketsOf(Number(pid))).includes(inode)) return Number(pid);
  return undefined;
}
