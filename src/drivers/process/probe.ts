import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Reachable } from '../driver.ts';
import { signalGroup } from './group.ts';

/** True when a TCP connection opens in time. */
export function probeTcp(target: Reachable, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, timeout: timeoutMs });
    const finish = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

export interface HttpProbe {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
  readonly codes: readonly number[];
}

/** True when a request (a GET, unless it says otherwise) answers in time with one of `codes` (none given: 200 to 399, Kubernetes' rule). */
export async function probeHttp(target: Reachable, probe: HttpProbe, timeoutMs: number): Promise<boolean> {
  const { request: send } = await import('node:http');
  // A deadline for the whole exchange: an idle time-out would wait for ever on an answer that trickles in.
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const request = send(
      {
        host: target.address,
        port: target.port,
        path: probe.path,
        method: probe.method ?? 'GET',
        headers: { ...probe.headers },
        signal,
        agent: false,
      },
      (response) => {
        response.resume();
        const code = response.statusCode ?? 0;
        resolve(probe.codes.length > 0 ? probe.codes.includes(code) : code >= 200 && code < 400);
      },
    );
    request.on('error', () => resolve(false));
    request.end(probe.body);
  });
}

/** True when a command exits with 0 in time. What it has started goes with it when the time is up. */
export function probeExec(
  command: readonly string[],
  options: { env: Readonly<Record<string, string>>; cwd: string },
  timeoutMs: number,
): Promise<boolean> {
  const [file = 'false', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, detached: true, stdio: 'ignore' });
    const late = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), timeoutMs);
    const finish = (ok: boolean) => {
      clearTimeout(late);
      resolve(ok);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === 0));
  });
}
