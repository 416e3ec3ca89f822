import type { Socket } from 'node:net';
import type { Framing } from '../http1/framing.ts';

/** Frames and sends one piece; false when the socket's buffer is full. */
export function writeBody(socket: Socket, framing: Framing, data: Buffer): boolean {
  if (framing.kind !== 'chunked') return socket.write(data);
  if (data.length === 0) return true;
  socket.cork();
  socket.write(`${data.length.toString(16)}\r\n`, 'latin1');
  socket.write(data);
  const more = socket.write('\r\n', 'latin1');
  socket.uncork();
  return more;
}
