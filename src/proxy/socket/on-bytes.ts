import type { Socket } from 'node:net';

/**
 * Hands over what comes on a socket as it comes, until the returned function is called. A socket gives what it has read to its own
 * `push`, whose bookkeeping (a buffer, events, two ticks) costs about as much as reading did; while nothing is held back, bytes go
 * past it. Paused, ended, or with something to read first (`unshift`), the socket is a stream like any other.
 */
export function onBytes(socket: Socket, take: (chunk: Buffer) => void): () => void {
  const ordinary = socket.push.bind(socket);
  const past = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    if (chunk === null || socket.readableFlowing !== true || socket.readableLength > 0) return ordinary(chunk, encoding);
    take(chunk);
    return true;
  };
  socket.push = past;
  socket.on('data', take);
  return () => {
    socket.off('data', take);
    if (socket.push === past) socket.push = ordinary;
  };
}
