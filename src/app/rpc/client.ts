import { connect } from 'node:net';
import { errorFromJson, MeshError, systemCode } from '../../base/errors.ts';
import { onLines, parseObject } from './lines.ts';
import { ALIVE_MS, type Event, type Method, type Params, type ReplyLine, type Result } from './protocol.ts';

export interface CallOptions<M extends Method> {
  readonly version: string;
  /** Asks the agent to stop at the next safe point. */
  readonly cancel?: AbortSignal;
  /** Hangs up at once; the agent goes on. */
  readonly detach?: AbortSignal;
  onEvent?(event: Event<M>): void;
  /** Silence after which the agent counts as stuck; it says that it is alive more often than that. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 5 * ALIVE_MS;

/** Calls the agent of a home. Throws `unreachable` if none answers, or if it goes away before the reply. */
export function call<M extends Method>(socketPath: string, method: M, params: Params<M>, options: CallOptions<M>): Promise<Result<M>> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let connected = false;
    let heard = false;
    let replied = false;
    let result: Result<M>;
    const cancel = () => socket.write(`${JSON.stringify({ cancel: true })}\n`);
    const detach = () => socket.destroy();
    const silenceMs = options.silenceMs ?? SILENCE_MS;
    const giveUp = () => {
      reject(stuck(silenceMs));
      socket.destroy();
    };
    let silence = setTimeout(giveUp, silenceMs);
    if (options.detach?.aborted) detach();
    options.detach?.addEventListener('abort', detach, { once: true });
    socket.once('connect', () => {
      connected = true;
      socket.write(`${JSON.stringify({ method, params, version: options.version })}\n`);
      if (options.cancel?.aborted) cancel();
      options.cancel?.addEventListener('abort', cancel, { once: true });
    });
    onLines(socket, (line) => {
      clearTimeout(silence);
      heard = true;
      const reply = parseLine(line);
      if (reply && 'alive' in reply) {
        silence = setTimeout(giveUp, silenceMs);
        return;
      }
      if (!reply) {
        reject(new MeshError('unreachable', 'what answers is not the agent of this version', { hint: 'mesh agent restart', cause: line }));
        socket.destroy();
        return;
      }
      if ('event' in reply) {
        silence = setTimeout(giveUp, silenceMs);
        return options.onEvent?.(reply.event as Event<M>);
      }
      replied = true;
      if ('error' in reply) reject(errorFromJson(reply.error));
      else result = reply.result as Result<M>;
    });
    socket.on('error', (error) => {
      // Once connected, an error means that it went away: `close` follows and says so.
      if (!connected) reject(unreachable(socketPath, systemCode(error)));
    });
    socket.once('close', () => {
      clearTimeout(silence);
      options.cancel?.removeEventListener('abort', cancel);
      options.detach?.removeEventListener('abort', detach);
      // Only now: an agent that ends with this call hangs up when it is gone.
      if (replied) return resolve(result);
      if (options.detach?.aborted) reject(new MeshError('interrupted', 'detached: the agent goes on with it', { hint: 'mesh status' }));
      else reject(gone(heard));
    });
  });
}

/** The call was not begun: no agent took it, or it was just ending. A new one may be asked the same. */
export class NotServed extends MeshError {}

const NO_AGENT = 'no agent is running';

/** No agent runs in that home, as opposed to one that does not answer. */
export function isAbsent(error: unknown): boolean {
  return isUnreachable(error) && error instanceof MeshError && error.message === NO_AGENT;
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof MeshError && error.code === 'unreachable';
}

function parseLine(line: string): ReplyLine | undefined {
  const reply = parseObject(line);
  return reply && ('alive' in reply || 'event' in reply || 'result' in reply || 'error' in reply) ? (reply as ReplyLine) : undefined;
}

/** A process that was stopped, or is so busy that nobody should wait for it without knowing. */
function stuck(ms: number): MeshError {
  return new MeshError('unreachable', `the agent has said nothing for ${ms / 1000} s`, {
    hint: 'it may have been stopped (kill -CONT) or be stuck: `mesh logs agent`; killing it is safe, the next run takes everything over',
  });
}

function gone(heard: boolean): MeshError {
  const hint = 'type the command again: it goes on from the saved state';
  if (heard) return new MeshError('unreachable', 'the agent went away before it had finished', { hint });
  return new NotServed('unreachable', 'the agent went away before it had begun', { hint });
}

function unreachable(socketPath: string, code: string | undefined): MeshError {
  if (code === 'EACCES')
    return new MeshError('environment', `${socketPath} belongs to another user`, { hint: 'use a MESH_HOME of your own' });
  const why = code === 'ENOENT' || code === 'ECONNREFUSED' ? NO_AGENT : `the agent does not answer (${code})`;
  return new NotServed('unreachable', why, { hint: '`mesh run <blueprint>` or `mesh agent` starts one', cause: socketPath });
}
