import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CheckRun } from '../../catalog/types.ts';
import { dialError, splitHostPort } from './go-errors.ts';
import { critical, type Probe, passing, timeoutMs } from './outcome.ts';

/** Whether a connection can be made; with TLS, whether its handshake succeeds too. */
export const probeTcp: Probe = async (run, signal) => {
  const address = run.TCP ?? '';
  const to = splitHostPort(address);
  if (typeof to === 'string') return critical(`dial tcp: ${to}`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs(run))]);
  try {
    const socket = await dial(to.host, to.port, run.TCPUseTLS ? run : undefined, limit);
    socket.destroy();
    return passing(`TCP connect ${address}: Success`);
  } catch (error) {
    return critical(limit.aborted ? `dial tcp ${address}: i/o timeout` : dialError(error, to.host, to.port));
  }
};

/** `tls`: the check whose TLS settings it takes. Rejects with the system's error, or the signal's reason. */
export function dial(host: string, port: number, tls: CheckRun | undefined, signal: AbortSignal, protocols?: string[]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const at = { host: host || 'localhost', port };
    const settings = { rejectUnauthorized: !tls?.TLSSkipVerify, servername: tls?.TLSServerName || (/^[\d.:]+$/.test(host) ? '' : host) };
    const socket = tls ? connectTls({ ...at, ...settings, ...(protocols ? { ALPNProtocols: protocols } : {}) }) : connect(at);
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', reject);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
  });
}
