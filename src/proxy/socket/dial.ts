import { connect, type Socket } from 'node:net';
import { systemCode } from '../../base/errors.ts';
import type { SocketAddress } from '../../compile/proxy-config.ts';

export type DialFailure = 'refused' | 'timeout' | 'tls' | 'identity';

/** Why a connection could not be had. `message` names the address. */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly failure: DialFailure;

  constructor(failure: DialFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

export function describeAddress(at: SocketAddress): string {
  return at.address.includes(':') ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`;
}

/** Connects; rejects with a DialError. The socket comes half-open capable, without Nagle, with an error listener that swallows. */
export function dial(at: SocketAddress, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: at.address, port: at.port, allowHalfOpen: true, noDelay: true });
    settleOn(socket, 'connect', timeoutMs, at, 'refused', () => resolve(socket), reject);
  });
}

/** Resolves on `event`, fails on error, close or timeout; whichever comes first, and destroys the socket if it fails. */
export function settleOn(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
  at: SocketAddress,
  failure: DialFailure,
  done: () => void,
  failed: (error: DialError) => void,
): void {
  const where = describeAddress(at);
  const timer = setTimeout(() => fail(new DialError('timeout', `${where} did not answer within ${timeoutMs} ms`)), timeoutMs);
  const onError = (error: Error) => {
    const code = systemCode(error);
    if (code === 'ECONNREFUSED') fail(new DialError('refused', `${where} refused the connection`, error));
    else fail(new DialError(failure, `${where}: ${error.message}`, error));
  };
  const onClose = () => fail(new DialError(failure, `${where} closed the connection during the handshake`));
  const settle = () => {
    clearTimeout(timer);
    socket.off(event, onEvent);
    socket.off('close', onClose);
  };
  const fail = (error: DialError) => {
    settle();
    socket.destroy();
    failed(error);
  };
  const onEvent = () => {
    settle();
    socket.off('error', onError);
    socket.on('error', ignore);
    done();
  };
  socket.once(event, onEvent);
  socket.on('error', onError);
  socket.once('close', onClose);
}

// Whoever uses a socket learns of its end by `close`; an error without a listener would end the process.
function ignore(): void {}
