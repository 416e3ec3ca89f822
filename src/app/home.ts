import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MeshError, messageOf, systemCode } from '../base/errors.ts';

/** Where one mesh keeps everything: `$MESH_HOME`, or the XDG state directory + `/mesh`. Folders are 0700, secrets 0600. */
export interface Home {
  readonly root: string;
  readonly stateDir: string;
  /** Journal of the blueprint engine. */
  readonly journalPath: string;
  /** Where the last agent listened. */
  readonly httpPortPath: string;
  /** The registry's log and the CA. */
  readonly registryDir: string;
  /** Sockets, pid files, address book. */
  readonly runDir: string;
  readonly logDir: string;
  readonly dataDir: string;
  /** Clones of blueprints that came from git. */
  readonly blueprintsDir: string;
  /** What `shipyard()` and `data()` of the blueprint language lead to. */
  readonly shipyardDir: string;
  readonly agentSocket: string;
  readonly dataplaneSocket: string;
  /** Where the agent of this home can be found, as JSON. */
  readonly recordPath: string;
  readonly agentLog: string;
  /** What lets the dashboard write; of the agent that runs. Secret. */
  readonly uiTokenPath: string;
}

/** FNV-1a, 64 bits: tells folders of one user apart. Node's crypto would be loaded by every command for this alone. */
function digestOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** sun_path holds 108 bytes on Linux, 104 on macOS, with a closing zero. */
const MAX_SOCKET_PATH = 103;

export function homeOf(env: Readonly<Record<string, string | undefined>>, cwd: string): Home {
  const state = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state');
  const root = resolve(cwd, env['MESH_HOME'] || join(state, 'mesh'));
  const runDir = join(root, 'run');
  // A deep home needs a short place for its sockets.
  const socketDir =
    Buffer.byteLength(join(runDir, 'dataplane.sock')) <= MAX_SOCKET_PATH ? runDir : join(tmpdir(), `mesh-${digestOf(root)}`);
  return {
    root,
    stateDir: join(root, 'state'),
    journalPath: join(root, 'state', 'journal.log'),
    httpPortPath: join(root, 'state', 'http-port'),
    registryDir: join(root, 'registry'),
    runDir,
    logDir: join(root, 'logs'),
    dataDir: join(root, 'data'),
    blueprintsDir: join(root, 'blueprints'),
    shipyardDir: join(root, 'shipyard'),
    agentSocket: join(socketDir, 'agent.sock'),
    dataplaneSocket: join(socketDir, 'dataplane.sock'),
    recordPath: join(root, 'agent.json'),
    agentLog: join(root, 'logs', 'agent.log'),
    uiTokenPath: join(runDir, 'ui-token'),
  };
}

export async function createHome(home: Home): Promise<void> {
  const folders = [home.stateDir, home.registryDir, home.runDir, home.logDir, home.dataDir, join(home.agentSocket, '..')];
  try {
    await makeFolder(home.root);
    await Promise.all(folders.map(makeFolder));
    await Promise.all(folders.map(claim));
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw new MeshError('environment', `${home.root} can't be used: ${messageOf(error)}`, {
      hint: 'set MESH_HOME to a folder that you can write to',
    });
  }
}

/** With those above it. Node's own way does not come back where a file system takes no folders (/proc). */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
}

/** A folder that was there already, in the case of a deep home even in a place where anybody can make one. */
async function claim(folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (uid !== userInfo().uid) throw new MeshError('environment', `${folder} belongs to uid ${uid}`, { hint: 'use another MESH_HOME' });
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** Removes everything that a mesh keeps in its home. The home itself stays: it may be a folder of the user's, with other things in it. */
export function removeState(home: Home): void {
  const everything = [home.stateDir, home.registryDir, home.runDir, home.logDir, home.dataDir, home.recordPath];
  // A few dozen small files, with nothing else left to do: in one go this takes a tenth of the time.
  for (const path of everything) rmSync(path, { recursive: true, force: true });
}

/** What a running agent leaves in its home for other commands to find it by. */
export interface AgentRecord {
  readonly pid: number;
  readonly version: string;
  /** `127.0.0.1:8500` */
  readonly http: string;
  /** Started by the user (`mesh agent`): it stays when the last blueprint goes. */
  readonly permanent: boolean;
  /** Processes of its data plane. Absent: one. */
  readonly dataplaneWorkers?: number;
}

export function readAgentRecord(home: Home): AgentRecord | undefined {
  try {
    return JSON.parse(readFileSync(home.recordPath, 'utf8')) as AgentRecord;
  } catch {
    return undefined;
  }
}
