import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { systemCode } from '../../base/errors.ts';
import type { Exit, Running } from '../driver.ts';
import { endGroup, signalGroup } from './group.ts';

/**
 * Process trees that outlive the agent. Each runs below a small shell that notes its own pid before, and the exit code
 * after: an agent that comes later can find the tree, be sure that it is the right one, and learn how it ended.
 * The shell is the leader of a process group, so a signal reaches the whole tree; its handlers are not inherited by the
 * program, ignored signals would be. They run once the program has ended, and a signal that comes before the program
 * was started keeps it from starting.
 */
const WRAPPER = `marker=$1; shift; finish() { echo $1 > "$marker.exit"; exit $1; }; trap 'finish $?' TERM INT HUP; echo $$ > "$marker.pid"; "$@"; finish $?`;

export interface SpawnOptions {
  /** Path prefix of the pid and exit files; also the mark by which the tree is recognised. */
  readonly marker: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logPath: string;
}

export async function spawnTree(options: SpawnOptions): Promise<Running> {
  await Promise.all([rm(`${options.marker}.exit`, { force: true }), rm(`${options.marker}.pid`, { force: true })]);
  const log = openSync(options.logPath, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', WRAPPER, 'mesh-workload', options.marker, ...options.command], {
      env: options.env,
      cwd: options.cwd,
      detached: true,
      stdio: ['ignore', log, log],
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => {
        void endGroup(child.pid!).then(() => resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : 143) }));
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return running(child.pid!, Date.now(), exited);
  } finally {
    closeSync(log);
  }
}

/** Finds a tree that another agent started. It is the right one only if the marker stands in the shell's command line. */
export async function findTree(marker: string): Promise<Running | undefined> {
  const pid = Number(await readFile(`${marker}.pid`, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1 || !(await isTree(pid, marker))) return undefined;
  const noted = await stat(`${marker}.pid`).catch(() => undefined);
  return noted && running(pid, Math.round(noted.mtimeMs), pollExit(pid, marker));
}

/** The exit code that the shell wrote, if the tree ended by itself. */
export async function readExit(marker: string): Promise<Exit> {
  const text = await readFile(`${marker}.exit`, 'utf8').catch(() => '');
  return { code: /^\d+\n$/.test(text) ? Number(text) : undefined };
}

async function isTree(pid: number, marker: string): Promise<boolean> {
  // A zombie's command line is empty, so it counts as gone.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch((error) => (systemCode(error) === 'ENOENT' ? '' : undefined));
  if (commandLine !== undefined && commandLine !== '') return commandLine.split('\0').includes(marker);
  return commandLine === '' ? psShows(pid, marker) : false;
}

/** Without /proc (macOS), ps tells. */
async function psShows(pid: number, marker: string): Promise<boolean> {
  const hasProc = await readFile('/proc/self/stat').then(
    () => true,
    () => false,
  );
  if (hasProc) return false;
  const output = await new Promise<string>((resolve) => {
    const child = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('close', () => resolve(text));
    child.once('error', () => resolve(''));
  });
  return output.includes(marker);
}

const POLL_MS = 100;

/** A process that is not our child can only be watched by looking. */
function pollExit(pid: number, marker: string): Promise<Exit> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      void isTree(pid, marker).then(async (alive) => {
        if (alive) return;
        clearInterval(timer);
        await endGroup(pid);
        resolve(await readExit(marker));
      });
    }, POLL_MS);
    timer.unref();
  });
}

/** How long after its start a tree may lose a signal, and how long after the first TERM such a tree gets a second one. */
const YOUNG_MS = 1000;
const REPEAT_MS = 200;

function running(pid: number, startedAt: number, exited: Promise<Exit>): Running {
  return {
    pid,
    startedAt,
    exited,
    programPid: () => onlyChild(pid),
    async stop(deadlineMs) {
      const terminate = () => signalGroup(pid, 'SIGTERM');
      terminate();
      // A signal that falls between the shell's fork and the exec of the program is lost with the shell's handlers.
      const repeat = Date.now() - startedAt < YOUNG_MS ? setTimeout(terminate, REPEAT_MS) : undefined;
      const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), deadlineMs);
      await exited;
      clearTimeout(repeat);
      clearTimeout(kill);
    },
  };
}

/** The program below the shell; the shell itself where that can't be learnt. */
async function onlyChild(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return Number(children.trim().split(' ')[0]) || pid;
}
