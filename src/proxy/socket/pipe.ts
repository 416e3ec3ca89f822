import type { Socket } from 'node:net';
import { onBytes } from './on-bytes.ts';

/** Bytes that went each way. */
export interface PipeCounters {
  bytesUp: number;
  bytesDown: number;
}

/**
 * Joins two connected sockets until both directions have ended. One side's end of writing is passed on and the other direction
 * goes on (half-close); a reader is paused while the other side's buffer is full, so nothing piles up here; an error on either
 * side resets the other. Both sockets must allow half-open.
 */
export function pipe(down: Socket, up: Socket, counters: PipeCounters, onClosed: () => void): void {
  let open = 2;
  const closed = (other: Socket) => {
    // Closed before both ends were seen: the peer is gone for good, so is this one.
    if (!other.writableEnded || !other.readableEnded) other.destroy();
    if (--open === 0) onClosed();
  };
  one(down, up, (n) => {
    counters.bytesUp += n;
  });
  one(up, down, (n) => {
    counters.bytesDown += n;
  });
  down.once('close', () => closed(up));
  up.once('close', () => closed(down));
  if (down.destroyed) up.destroy();
  if (up.destroyed) down.destroy();
}

function one(from: Socket, to: Socket, count: (bytes: number) => void): void {
  onBytes(from, (chunk) => {
    count(chunk.length);
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  if (from.readableEnded) to.end();
  from.resume();
}
