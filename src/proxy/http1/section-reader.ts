import { HttpFault } from './fault.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A longer head is read anew each time. */
const MAX_REMEMBERED_BYTES = 2 * 1024;

export type SectionKind = 'request' | 'response' | 'trailers';

/**
 * Cuts one head (or trailer section) out of a byte stream that arrives in pieces of any size. It judges line ends and size as
 * the bytes come, so that a message that could never end well is refused at once and not at a timeout; fields are judged later.
 * A peer that repeats itself, as most do on a kept connection, is recognized by comparing bytes: `text` is then the same string.
 */
export class SectionReader {
  /** The whole section without its final empty line; each line ends in CRLF. Valid once `push` has returned `done`. */
  text = '';
  /** Offset in the last pushed chunk of the first byte after the section. */
  next = 0;
  readonly #kind: SectionKind;
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #length = 0;
  #lineStart = 0;
  #last = 0;
  #skippedEmptyLine = false;
  /** The bytes of `text` and of the empty line after it, once they have come twice in a row. */
  #repeated: Buffer | undefined;

  constructor(kind: SectionKind, maxBytes: number) {
    this.#kind = kind;
    this.#maxBytes = maxBytes;
  }

  /** True between messages, when not a byte of the next one has come. */
  get empty(): boolean {
    return this.#length === 0;
  }

  push(chunk: Buffer, from: number): 'more' | 'done' | HttpFault {
    const repeated = this.#repeated;
    if (repeated && this.#length === 0 && isAt(chunk, from, repeated)) {
      this.next = from + repeated.length;
      this.#skippedEmptyLine = false;
      return 'done';
    }
    let start = from;
    if (this.#length === 0 && this.#kind !== 'trailers' && start < chunk.length) {
      const fault = judgeFirstByte(chunk[start]!);
      if (fault) return fault;
    }
    let last = this.#last;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte !== LF) {
        // A CR that isn't followed by LF is a line end to some parsers and data to others.
        if (last === CR) return new HttpFault(400, 'a CR is not followed by LF');
        last = byte;
        continue;
      }
      if (last !== CR) return new HttpFault(400, 'a line ends in a bare LF');
      last = LF;
      const end = this.#length + (at + 1 - start);
      if (end > this.#maxBytes) return this.#tooLarge();
      if (end - this.#lineStart > 2) {
        this.#lineStart = end;
        continue;
      }
      if (end > 2 || this.#kind === 'trailers') {
        this.#finish(chunk, start, at);
        return 'done';
      }
      // RFC 9112 2.2: a server should ignore at least one empty line before the request line. One it is.
      if (this.#kind !== 'request' || this.#skippedEmptyLine) return new HttpFault(400, 'the message starts with an empty line');
      this.#reset();
      this.#skippedEmptyLine = true;
      start = at + 1;
      const fault = start < chunk.length ? judgeFirstByte(chunk[start]!) : undefined;
      if (fault) return fault;
    }
    if (start < chunk.length) {
      this.#held.push(start === 0 ? chunk : chunk.subarray(start));
      this.#length += chunk.length - start;
      this.#last = last;
    }
    return this.#length > this.#maxBytes ? this.#tooLarge() : 'more';
  }

  #finish(chunk: Buffer, start: number, lf: number): void {
    const tail = chunk.toString('latin1', start, lf + 1);
    const whole = this.#held.length === 0 ? tail : Buffer.concat(this.#held).toString('latin1') + tail;
    const text = whole.slice(0, -2);
    if (text !== this.text) {
      this.text = text;
      this.#repeated = undefined;
    } else if (whole.length <= MAX_REMEMBERED_BYTES) this.#repeated = Buffer.from(whole, 'latin1');
    this.next = lf + 1;
    this.#reset();
    this.#skippedEmptyLine = false;
  }

  #reset(): void {
    this.#held = [];
    this.#length = 0;
    this.#lineStart = 0;
    this.#last = 0;
  }

  #tooLarge(): HttpFault {
    return new HttpFault(431, `the ${this.#kind === 'trailers' ? 'trailer section' : 'head'} exceeds ${this.#maxBytes} bytes`);
  }
}

function isAt(chunk: Buffer, from: number, expected: Buffer): boolean {
  const to = from + expected.length;
  return to <= chunk.length && chunk.compare(expected, 0, expected.length, from, to) === 0;
}

function judgeFirstByte(byte: number): HttpFault | undefined {
  if (byte === 0x16) return new HttpFault(400, 'this is TLS; the listener speaks plain HTTP');
  if (byte !== CR && byte !== LF && (byte <= 0x20 || byte >= 0x7f))
    return new HttpFault(400, 'the first byte is not that of an HTTP message');
  return undefined;
}
