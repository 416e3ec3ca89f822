import type { Socket } from 'node:net';

/** A piece up to this size is copied into the text before it; a longer one is cheaper as a buffer of its own. */
const MAX_COPIED_BYTES = 4 * 1024;

/**
 * Writes to one socket, gathered: a head, a small body and what frames it become one system call and one TLS record, and one
 * read at the other end. What is held goes out with `flush`, or by itself before the next event is looked at.
 */
export class GatheredWrites {
  readonly #socket: Socket;
  /** Bytes as latin1. */
  #held = '';
  #scheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `text` is bytes as latin1. */
  text(text: string): void {
    this.#hold(text);
  }

  /** False when the socket's buffer is full. */
  data(data: Buffer): boolean {
    if (this.#held === '') return this.#socket.write(data);
    if (data.length <= MAX_COPIED_BYTES) {
      this.#hold(data.toString('latin1'));
      return !this.#socket.writableNeedDrain;
    }
    this.#socket.cork();
    this.flush();
    const more = this.#socket.write(data);
    this.#socket.uncork();
    return more;
  }

  /** One chunk of a chunked body. */
  chunk(data: Buffer): boolean {
    if (data.length === 0) return true;
    this.#hold(`${data.length.toString(16)}\r\n`);
    const more = this.data(data);
    this.#hold('\r\n');
    return more;
  }

  flush(): void {
    const held = this.#held;
    if (held === '') return;
    this.#held = '';
    if (this.#socket.writable) this.#socket.write(held, 'latin1');
  }

  #hold(text: string): void {
    this.#held += text;
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(flushLater, this);
  }

  /** @internal */
  scheduled(): void {
    this.#scheduled = false;
    this.flush();
  }
}

function flushLater(writes: GatheredWrites): void {
  writes.scheduled();
}
