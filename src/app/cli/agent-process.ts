import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { type ErrorJson, errorFromJson, MeshError, systemCode } from '../../base/errors.ts';
import type { AgentRecord, Home } from '../home.ts';
import type { Io } from '../io.ts';

/** What the agent's process is told on its standard input. */
export interface AgentStart {
  readonly httpPort?: number;
  readonly ports: 'fixed' | 'auto';
  /** Takes the place of an agent that the user started: it stays when the last blueprint goes. */
  readonly permanent?: boolean;
  readonly dataplaneWorkers?: number;
}

/** What it answers on descriptor 3, once. */
export type AgentAnswer =
  | { readonly record: AgentRecord; readonly movedFrom?: number }
  | { readonly error: ErrorJson; readonly homeTaken: boolean };

export interface Standby {
  /** Lets it begin. Rejects with why it could not. */
  begin(start: AgentStart): Promise<{ record: AgentRecord; movedFrom?: number } | 'another-one-runs'>;
  /** Lets it go; it has touched nothing. */
  abandon(): void;
}

const START_TIMEOUT_MS = 20_000;

/**
 * Starts the process of an agent that loads its code and then waits for the word, so that reading a blueprint and starting
 * Node happen at the same time, and a blueprint with errors leaves nothing behind.
 */
export function standbyAgent(io: Io): Standby {
  const [command, ...args] = io.programs.agent;
  const child = spawn(command!, args, { cwd: '/', env: agentEnv(io), detached: true, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
  const stdin = child.stdin as Writable;
  const answers = child.stdio[3] as Readable;
  const answer = new Promise<AgentAnswer>((resolve, reject) => {
    let text = '';
    answers.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith('\n')) resolve(JSON.parse(text) as AgentAnswer);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      const how = code === null ? `gave no sign of life for ${START_TIMEOUT_MS / 1000} s` : `ended at once, with code ${code}`;
      reject(new MeshError('failed', `the agent ${how}`, { hint: 'mesh logs agent' }));
    });
  });
  answer.catch(() => undefined);
  stdin.on('error', () => undefined);
  return {
    async begin(start) {
      stdin.end(`${JSON.stringify({ ...start, cwd: io.cwd })}\n`);
      const deadline = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
      const result = await answer.finally(() => clearTimeout(deadline));
      child.unref();
      answers.destroy();
      if ('record' in result) return result;
      if (result.homeTaken) return 'another-one-runs';
      throw errorFromJson(result.error);
    },
    abandon() {
      stdin.end();
      answers.destroy();
      child.unref();
    },
  };
}

/** True when an agent answers on the socket of this home. Throws if the home is somebody else's. */
export function agentAnswers(home: Home): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(home.agentSocket);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      if (systemCode(error) === 'EACCES')
        reject(new MeshError('environment', `${home.root} belongs to another user`, { hint: 'use a MESH_HOME of your own' }));
      else resolve(false);
    });
  });
}

const AGENT_TIMEOUT_MS = 10_000;

/**
 * Makes sure that this home has an agent: lets the standby begin, or finds the one that another command has started in the
 * meantime, or takes the place of one that is just ending. Returns what the new agent said, if it is ours.
 */
export async function ensureAgent(
  first: Standby | undefined,
  start: AgentStart,
  home: Home,
  io: Io,
): Promise<{ record: AgentRecord; movedFrom?: number } | undefined> {
  const deadline = performance.now() + AGENT_TIMEOUT_MS;
  for (let standby = first ?? standbyAgent(io); performance.now() < deadline; standby = standbyAgent(io)) {
    const begun = await standby.begin(start);
    if (begun !== 'another-one-runs') return begun;
    if (await answersSoon(home)) return undefined;
  }
  throw new MeshError('unreachable', `another agent owns ${home.root}, but does not answer`, {
    hint: 'see who holds it: fuser or lsof on that folder',
  });
}

async function answersSoon(home: Home): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (await agentAnswers(home)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/**
 * NODE_EXTRA_CA_CERTS makes Node parse a CA bundle at every start, and NODE_OPTIONS may load anything: the mesh's own
 * processes verify only its own certificates and need neither.
 */
function agentEnv(io: Io): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: _ca, NODE_OPTIONS: _options, ...env } = io.env;
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
