import { HttpFault } from './fault.ts';
import { type Fields, NO_FIELDS, parseFields } from './fields.ts';
import type { Framing } from './framing.ts';
import { SectionReader } from './section-reader.ts';

const LF = 0x0a;
const CR = 0x0d;
/** Chunk extensions mean nothing to anyone here; room for a signature or two, not for a flood. */
const MAX_SIZE_LINE = 256;
/** Without the spaces that RFC 9112 lets extensions have, for llhttp doesn't. */
const SIZE_LINE =
  /^([0-9A-Fa-f]{1,13})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*"))?)*$/;

/**
 * Follows one body through a byte stream in pieces of any size. Data is handed on as slices of what came, never copied or held;
 * chunk sizes and extensions are consumed here, so that the sender's chunking never reaches the next hop.
 */
export class BodyReader {
  /** The last byte of the body, trailers included, has been seen. */
  done: boolean;
  trailers: Fields = NO_FIELDS;
  readonly #framing: Framing;
  readonly #maxTrailerBytes: number;
  #trailerReader: SectionReader | undefined;
  #state: 'size' | 'data' | 'data-end' | 'trailers';
  /** Bytes of data to come: of the body, or of the present chunk. */
  #remaining: number;
  #sizeLine = '';

  constructor(framing: Framing, maxTrailerBytes: number) {
    this.#framing = framing;
    this.#maxTrailerBytes = maxTrailerBytes;
    this.#remaining = framing.kind === 'length' ? framing.length : 0;
    this.#state = framing.kind === 'chunked' ? 'size' : 'data';
    this.done = framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0);
  }

  /** Consumes from `from`; returns the offset of the first byte that isn't the body's. */
  push(chunk: Buffer, from: number, onData: (data: Buffer) => void): number | HttpFault {
    let at = from;
    while (at < chunk.length && !this.done) {
      const next = this.#framing.kind === 'chunked' ? this.#chunked(chunk, at, onData) : this.#plain(chunk, at, onData);
      if (next instanceof HttpFault) return next;
      at = next;
    }
    return at;
  }

  /** The connection ended: true if the body is complete by that. */
  endOfStream(): boolean {
    if (this.#framing.kind === 'until-close') this.done = true;
    return this.done;
  }

  #plain(chunk: Buffer, at: number, onData: (data: Buffer) => void): number {
    if (this.#framing.kind === 'until-close') {
      onData(at === 0 ? chunk : chunk.subarray(at));
      return chunk.length;
    }
    const end = this.#emit(chunk, at, onData);
    if (this.#remaining === 0) this.done = true;
    return end;
  }

  #emit(chunk: Buffer, at: number, onData: (data: Buffer) => void): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#remaining -= end - at;
    onData(chunk.subarray(at, end));
    return end;
  }

  #chunked(chunk: Buffer, at: number, onData: (data: Buffer) => void): number | HttpFault {
    switch (this.#state) {
      case 'size':
        return this.#readSize(chunk, at);
      case 'data': {
        const end = this.#emit(chunk, at, onData);
        if (this.#remaining === 0) {
          this.#state = 'data-end';
          this.#sizeLine = '';
        }
        return end;
      }
      case 'data-end': {
        const expected = this.#sizeLine === '' ? CR : LF;
        if (chunk[at] !== expected) return new HttpFault(400, 'chunk data is not followed by CRLF');
        this.#sizeLine += '\r';
        if (expected === LF) {
          this.#state = 'size';
          this.#sizeLine = '';
        }
        return at + 1;
      }
      case 'trailers':
        return this.#readTrailers(chunk, at);
    }
  }

  #readTrailers(chunk: Buffer, at: number): number | HttpFault {
    this.#trailerReader ??= new SectionReader('trailers', this.#maxTrailerBytes);
    const reader = this.#trailerReader;
    const outcome = reader.push(chunk, at);
    if (outcome === 'more') return chunk.length;
    if (outcome !== 'done') return outcome;
    const fields = parseFields(reader.text, 0);
    if (fields instanceof HttpFault) return fields;
    // Another reader could take it for the next message's.
    if (fields.known['content-length'] || fields.known['transfer-encoding']) return new HttpFault(400, 'a trailer frames a message');
    this.trailers = fields;
    this.done = true;
    return reader.next;
  }

  #readSize(chunk: Buffer, at: number): number | HttpFault {
    const lf = chunk.indexOf(LF, at);
    const end = lf === -1 ? chunk.length : lf + 1;
    if (this.#sizeLine.length + end - at > MAX_SIZE_LINE) return new HttpFault(400, `a chunk size line exceeds ${MAX_SIZE_LINE} bytes`);
    this.#sizeLine += chunk.toString('latin1', at, end);
    // A wrong first character is refused at once: waiting for the line end would hold a connection that can't get well.
    if (!/^[0-9A-Fa-f]/.test(this.#sizeLine)) return new HttpFault(400, 'a chunk size is not a hexadecimal number');
    if (lf === -1) return end;
    if (!this.#sizeLine.endsWith('\r\n')) return new HttpFault(400, 'a chunk size line ends in a bare LF');
    const match = SIZE_LINE.exec(this.#sizeLine.slice(0, -2));
    if (!match) return new HttpFault(400, 'a chunk size is not a hexadecimal number');
    this.#remaining = Number.parseInt(match[1]!, 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'data';
    this.#sizeLine = '';
    return end;
  }
}
