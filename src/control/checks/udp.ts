import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { systemCode } from '../../base/errors.ts';
import { dialError, splitHostPort } from './go-errors.ts';
import { critical, type Probe, passing, timeoutMs } from './outcome.ts';

/** A datagram that is answered, or that nobody refuses, passes: UDP has no other way to say no. */
export const probeUdp: Probe = async (run, signal) => {
  const address = run.UDP ?? '';
  const to = splitHostPort(address);
  if (typeof to === 'string') return critical(`dial udp: ${to}`);
  const socket = createSocket(to.host.includes(':') ? 'udp6' : 'udp4');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs(run))]);
  try {
    socket.connect(to.port, to.host || 'localhost');
    await once(socket, 'connect', { signal: limit });
    const answered = once(socket, 'message', { signal: limit });
    socket.send(Buffer.from('hello world'));
    await answered;
    return passing(`UDP connect ${address}: Success`);
  } catch (error) {
    if (limit.aborted && !signal.aborted) return passing(`UDP connect ${address}: Success`);
    const why =
      systemCode(error) === 'ECONNREFUSED' ? `read udp ${address}: recvfrom: connection refused` : dialError(error, to.host, to.port);
    return critical(why);
  } finally {
    socket.close();
  }
};
