import type { Socket } from 'node:net';

/** One JSON value a line, both ways, over a Unix socket. */
export interface JsonLines {
  send(message: unknown): void;
  close(): void;
}

/** A longer line is not one of our messages: the connection is cut. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Calls `onMessage` for each line and `onEnd` once, with the reason if the peer did not just hang up. */
export function jsonLines(socket: Socket, onMessage: (message: unknown) => void, onEnd: (error?: Error) => void): JsonLines {
  let rest = '';
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    socket.destroy();
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_BYTES) return fail(new Error('the line is too long'));
    try {
      for (const line of lines) if (line !== '') onMessage(JSON.parse(line));
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('error', fail);
  socket.on('close', () => onEnd(failure));
  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    close: () => socket.destroy(),
  };
}
