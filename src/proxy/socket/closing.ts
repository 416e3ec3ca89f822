import type { Socket } from 'node:net';

const LINGER_MS = 1_000;

/**
 * Ends our side and reads on for a moment. Closing with unread bytes would make the kernel send a reset, and the client would
 * lose the answer that tells it what was wrong.
 */
export function lingeringClose(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  if (socket.readableEnded) socket.destroySoon();
  else socket.once('end', () => socket.destroySoon());
  socket.once('close', () => clearTimeout(timer));
}

/** Ends a connection so that the peer can't mistake a cut body for a whole one. */
export function abort(socket: Socket): void {
  // resetAndDestroy on a TLS socket throws away the wrapped handle's error handling; a missing close_notify says the same.
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
