import { connect } from 'node:net';
import { messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { DataplaneCommand } from '../compile/proxy-config.ts';
import { Commands } from './commands.ts';
import type { DataPlane } from './dataplane.ts';
import { LineReader } from './lines.ts';

export interface FollowOptions {
  /** Unix socket of the agent. */
  readonly socketPath: string;
  readonly dataPlane: DataPlane;
  readonly version: string;
  readonly pid: number;
  readonly log: Log;
  readonly clock: Clock;
  /** Aborting it ends the following; the data plane stays as it is. */
  readonly signal: AbortSignal;
}

/** A full update of a thousand sidecars with their certificates is about 10 MiB. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const FIRST_BACKOFF_MS = 20;
/** Short: the agent's socket is on this machine, and a restarted agent should find us soon. */
const MAX_BACKOFF_MS = 200;
/** Longer than an agent takes to come back. */
const GIVE_UP_MS = 60_000;

/**
 * Keeps a data plane in step with its agent: says hello, applies updates in order, acknowledges each, answers probes. When the agent
 * goes, the data plane serves on with what it has, and the agent is dialled again, for ever. Resolves when the signal is aborted, or
 * when nobody has called for a while and there is nothing to serve: the agent was killed, and nobody would miss this process.
 */
export async function followAgent(options: FollowOptions): Promise<void> {
  const { dataPlane, log, clock, signal } = options;
  let backoffMs = FIRST_BACKOFF_MS;
  let heardAt = clock.now();
  while (!signal.aborted) {
    const spoke = await session(options).catch((error: unknown) => {
      log.log('debug', 'agent not reached', { reason: messageOf(error) });
      return false;
    });
    if (spoke) heardAt = clock.now();
    else if (dataPlane.idle && clock.now() - heardAt > GIVE_UP_MS) return;
    backoffMs = spoke ? FIRST_BACKOFF_MS : Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    await clock.sleep(backoffMs, signal).catch(() => undefined);
  }
}

/** One connection, until it closes. True if the agent said anything. */
function session(options: FollowOptions): Promise<boolean> {
  const { socketPath, log, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const commands = new Commands(options, {
      send: (report) => {
        if (socket.writable) socket.write(`${JSON.stringify(report)}\n`);
      },
      get unread() {
        return socket.writableLength;
      },
    });
    const lines = new LineReader(MAX_LINE_BYTES);
    let spoke = false;
    const stop = () => socket.destroy();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.on('connect', () => commands.hello());
    socket.on('data', (chunk: Buffer) => {
      spoke = true;
      try {
        for (const line of lines.push(chunk)) commands.take(JSON.parse(line) as DataplaneCommand);
      } catch (error) {
        log.log('error', 'the agent sent what is not a command', { reason: messageOf(error) });
        socket.destroy();
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      commands.end();
      if (spoke) log.log('info', 'the agent is gone; serving the last configuration');
      resolve(spoke);
    });
  });
}
