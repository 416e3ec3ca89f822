import { readdir, readFile, readlink } from 'node:fs/promises';
import { livingIn } from './group.ts';

export interface ListeningSocket {
  readonly address: string;
  readonly wildcard: boolean;
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/** Local TCP sockets that listen, from /proc: none where there is no such thing. */
export async function listeningSockets(): Promise<ListeningSocket[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')));
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

/** Ports on which processes of a group listen, in order. Undefined where that can't be learnt. */
export async function portsOfGroup(group: number): Promise<number[] | undefined> {
  const members = await livingIn(group);
  if (!members || members.length === 0) return undefined;
  const inodes = new Set((await Promise.all(members.map(socketsOf))).flat());
  const ports = (await listeningSockets()).filter(({ inode }) => inodes.has(inode)).map(({ port }) => port);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

/** Inodes of the sockets that a process has open; none if it may not be looked at. */
export async function socketsOf(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

function littleEndianIp(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}
