import { connect } from 'node:net';
import { errorFromJson, MeshError, systemCode } from '../../base/errors.ts';
import { onLines, parseObject } from './lines.ts';
import type { Event, Method, Params, ReplyLine, Result } from './protocol.ts';

export interface CallOptions<M extends Method> {
  readonly version: string;
  /** Asks the agent to stop at the next safe point. */
  readonly cancel?: AbortSignal;
  /** Hangs up at once; the agent goes on. */
  readonly detach?: AbortSignal;
  onEvent?(event: Event<M>): void;
}

/** Calls the agent of a home. Throws `unreachable` if none answers, or if it goes away before the reply. */
export function call<M extends Method>(socketPath: string, method: M, params: Params<M>, options: CallOptions<M>): Promise<Result<M>> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let connected = false;
    let replied = false;
    let result: Result<M>;
    const cancel = () => socket.write(`${JSON.stringify({ cancel: true })}\n`);
    const detach = () => socket.destroy();
    if (options.detach?.aborted) detach();
    options.detach?.addEventListener('abort', detach, { once: true });
    socket.once('connect', () => {
      connected = true;
      socket.write(`${JSON.stringify({ method, params, version: options.version })}\n`);
      if (options.cancel?.aborted) cancel();
      options.cancel?.addEventListener('abort', cancel, { once: true });
    });
    onLines(socket, (line) => {
      const reply = parseLine(line);
      if (!reply) {
        reject(new MeshError('unreachable', 'what answers is not the agent of this version', { hint: 'mesh agent restart', cause: line }));
        socket.destroy();
        return;
      }
      if ('event' in reply) return options.onEvent?.(reply.event as Event<M>);
      replied = true;
      if ('error' in reply) reject(errorFromJson(reply.error));
      else result = reply.result as Result<M>;
    });
    socket.on('error', (error) => {
      // Once connected, an error means that it went away: `close` follows and says so.
      if (!connected) reject(unreachable(socketPath, systemCode(error)));
    });
    socket.once('close', () => {
      options.cancel?.removeEventListener('abort', cancel);
      options.detach?.removeEventListener('abort', detach);
      // Only now: an agent that ends with this call hangs up when it is gone.
      if (replied) return resolve(result);
      if (options.detach?.aborted) reject(new MeshError('interrupted', 'detached: the agent goes on with it', { hint: 'mesh status' }));
      else
        reject(
          new MeshError('unreachable', 'the agent went away before it had finished', {
            hint: 'type the command again: it goes on from the saved state',
          }),
        );
    });
  });
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof MeshError && error.code === 'unreachable';
}

function parseLine(line: string): ReplyLine | undefined {
  const reply = parseObject(line);
  return reply && ('event' in reply || 'result' in reply || 'error' in reply) ? (reply as ReplyLine) : undefined;
}

function unreachable(socketPath: string, code: string | undefined): MeshError {
  const why = code === 'ENOENT' || code === 'ECONNREFUSED' ? 'no agent is running' : `the agent does not answer (${code})`;
  return new MeshError('unreachable', why, { hint: '`mesh run <blueprint>` or `mesh agent` starts one', cause: socketPath });
}
