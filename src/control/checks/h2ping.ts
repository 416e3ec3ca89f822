import { connect as connectHttp2 } from 'node:http2';
import { messageOf } from '../../base/errors.ts';
import { dialError, splitHostPort } from './go-errors.ts';
import { critical, type Outcome, type Probe, passing, timeoutMs } from './outcome.ts';
import { dial } from './tcp.ts';

/** Whether a server of HTTP/2 answers a ping. */
export const probeH2Ping: Probe = async (run, signal) => {
  const target = run.H2PING ?? '';
  const to = splitHostPort(target);
  if (typeof to === 'string') return critical(`Failed to dial to ${target}: ${to}`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs(run))]);
  const failed = (error: unknown): string => (limit.aborted ? 'context deadline exceeded' : messageOf(error));
  const tls = run.H2PingUseTLS ? run : undefined;
  try {
    const socket = await dial(to.host, to.port, tls, limit, ['h2']);
    const session = connectHttp2(`${tls ? 'https' : 'http'}://${target}`, { createConnection: () => socket });
    return await new Promise<Outcome>((resolve) => {
      const end = (outcome: Outcome): void => {
        session.destroy();
        resolve(outcome);
      };
      session.once('error', (error) => end(critical(`HTTP2 ping failed: ${failed(error)}`)));
      limit.addEventListener('abort', () => end(critical('HTTP2 ping failed: context deadline exceeded')), { once: true });
      session.once('connect', () => {
        session.ping((error) => end(error ? critical(`HTTP2 ping failed: ${failed(error)}`) : passing('HTTP2 ping was successful')));
      });
    });
  } catch (error) {
    return critical(`Failed to dial to ${target}: ${limit.aborted ? 'context deadline exceeded' : dialError(error, to.host, to.port)}`);
  }
};
