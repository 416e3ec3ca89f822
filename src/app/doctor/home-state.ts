import { lstat, readdir, readFile, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { systemCode } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { type Home, readAgentRecord } from '../home.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Files with secrets, or with what programs were given: nobody else's. Folders with sockets, too. */
export async function checkRights(home: Home): Promise<Finding[]> {
  const name = 'rights';
  if (!(await lstat(home.root).catch(() => undefined))) return [];
  const open: string[] = [];
  const folders = [home.stateDir, home.registryDir, home.runDir, home.logDir, home.dataDir, dirname(home.agentSocket)];
  for (const folder of folders) if (await isOpen(folder)) open.push(folder);
  for (const folder of [home.stateDir, home.registryDir]) {
    for (const file of await readdir(folder).catch(() => [])) if (await isOpen(join(folder, file))) open.push(join(folder, file));
  }
  if (open.length === 0) return [ok(name, 'only you can read state, keys and logs')];
  const shown = open.slice(0, 3).join(', ');
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return [
    warn(
      name,
      `others of this machine can read ${shown}${more}`,
      `chmod -R go-rwx ${[...new Set(open)].slice(0, 6).map(shellWord).join(' ')}`,
    ),
  ];
}

/** Whether the group or others have any right to it. */
async function isOpen(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && !info.isSymbolicLink() && (info.mode & 0o077) !== 0;
}

const FULL_BYTES = 20 * 1024 ** 2;
const NEARLY_FULL_BYTES = 500 * 1024 ** 2;

/** Logs and the registry grow; a registry that can't be written takes no change. */
export async function checkDisk({ root }: Home): Promise<Finding[]> {
  const name = 'disk';
  for (let folder = root; ; folder = dirname(folder)) {
    const info = await statfs(folder).catch(() => undefined);
    if (!info && folder !== dirname(folder)) continue;
    // Some, as that of /proc, have no blocks at all.
    if (!info || info.blocks === 0) return [];
    const free = info.bavail * info.bsize;
    const found = `${sizeText(free)} free for ${root}`;
    const hint = 'make room, or set MESH_HOME to a folder on another disk; mesh purge removes all state';
    if (info.files > 0 && info.ffree === 0) return [fail(name, `no inode is free for ${root}`, hint)];
    if (free < FULL_BYTES) return [fail(name, found, hint)];
    return [free < NEARLY_FULL_BYTES ? warn(name, found, hint) : ok(name, found)];
  }
}

function sizeText(bytes: number): string {
  const mib = bytes / 1024 ** 2;
  return mib < 1024 ? `${Math.floor(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

/** What an agent that has ended without a word has left: a record, a socket, pid files. */
export async function checkLock(home: Home, agentAnswers: boolean): Promise<Finding[]> {
  const name = 'lock';
  const record = readAgentRecord(home);
  if (agentAnswers) return [ok(name, `${home.root} is held by the agent, pid ${record?.pid ?? 'unknown'}`)];
  const socket = await socketState(home.agentSocket);
  const alive = record !== undefined && isAlive(record.pid);
  if (socket === 'answers')
    return [fail(name, `something else answers on ${home.agentSocket}`, `find out what it is: lsof ${shellWord(home.agentSocket)}`)];
  if (record && alive && socket === 'stale')
    return [
      warn(
        name,
        `${home.recordPath} names pid ${record.pid}, which is another program by now`,
        'mesh run <blueprint> takes the home over; or: mesh purge',
      ),
    ];
  if (record || socket === 'stale')
    return [
      warn(
        name,
        `an agent has ended without a word and left ${record ? home.recordPath : home.agentSocket}`,
        'nothing to do: the next mesh run takes it over; or: mesh purge',
      ),
    ];
  const pids = await stalePids(home);
  if (pids.length > 0)
    return [warn(name, `pid files of programs that are gone: ${pids.join(', ')}`, 'mesh destroy removes what is left of them')];
  return [ok(name, 'free')];
}

async function stalePids({ runDir }: Home): Promise<string[]> {
  const files = (await readdir(runDir).catch(() => [])).filter((file) => file.endsWith('.pid'));
  const checked = await Promise.all(
    files.map(async (file) => {
      const pid = Number.parseInt(await readFile(join(runDir, file), 'utf8').catch(() => ''), 10);
      return Number.isInteger(pid) && !isAlive(pid) ? [file] : [];
    }),
  );
  return checked.flat();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function socketState(path: string): Promise<'absent' | 'stale' | 'answers'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('answers');
    });
    // Whoever may not look there has no home there either, and is told so elsewhere.
    socket.once('error', (error) => resolve(systemCode(error) === 'ECONNREFUSED' ? 'stale' : 'absent'));
  });
}
