import { readdir, readFile, readlink } from 'node:fs/promises';

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
  const command = (await readText(`/proc/${pid}/cmdline`)).split('\0').filter(Boolean).slice(0, 3).join(' ');
  return { uid: socket.uid, pid, command };
}

/** `pid 4242 (nginx -g daemon off;)`, `a process of uid 33`, or "another process". */
export function describeOwner(owner: PortOwner | undefined): string {
  if (owner?.pid !== undefined) return `pid ${owner.pid}${owner.command ? ` (${owner.command})` : ''}`;
  return owner?.uid === undefined ? 'another process' : `a process of uid ${owner.uid}`;
}

interface ListeningSocket {
  address: string;
  wildcard: boolean;
  port: number;
  uid: number;
  inode: string;
}

async function listeningSockets(): Promise<ListeningSocket[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readText));
  const LISTEN = '0A';
  const sockets: ListeningSocket[] = [];
  for (const line of tables.flatMap((table) => table.split('\n').slice(1))) {
    const columns = line.trim().split(/\s+/);
    const [hexAddress, hexPort] = (columns[1] ?? '').split(':');
    if (columns[3] !== LISTEN || !hexAddress || !hexPort) continue;
    sockets.push({
      address: hexAddress.length === 8 ? littleEndianIp(hexAddress) : '',
      wildcard: /^0+$/.test(hexAddress),
      port: Number.parseInt(hexPort, 16),
      uid: Number(columns[7]),
      inode: columns[9] ?? '',
    });
  }
  return sockets;
}

function littleEndianIp(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}

async function pidOfSocket(inode: string): Promise<number | undefined> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (target === `socket:[${inode}]`) return Number(pid);
    }
  }
  return undefined;
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
