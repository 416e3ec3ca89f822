import { connect } from 'node:net';
import type { Reachable } from '../driver.ts';

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
  readonly codes: readonly number[];
}

/** True when a GET answers in time with one of `codes` (none given: 200 to 399, Kubernetes' rule). */
export async function probeHttp(target: Reachable, probe: HttpProbe, timeoutMs: number): Promise<boolean> {
  const { get } = await import('node:http');
  return new Promise((resolve) => {
    const request = get(
      { host: target.address, port: target.port, path: probe.path, headers: { ...probe.headers }, timeout: timeoutMs, agent: false },
      (response) => {
        response.resume();
        const code = response.statusCode ?? 0;
        resolve(probe.codes.length > 0 ? probe.codes.includes(code) : code >= 200 && code < 400);
      },
    );
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', () => resolve(false));
  });
}
