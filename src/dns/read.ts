import { type Edns, type Query, type Question, RCODES, TYPES } from './message.ts';

/** Why a message is no query: what to answer it with, or nothing at all when it isn't even a question. */
export class MalformedQuery extends Error {
  /** Undefined: silence. */
  readonly reply: { readonly id: number; readonly rcode: number } | undefined;

  constructor(message: string, reply?: { readonly id: number; readonly rcode: number }) {
    super(message);
    this.reply = reply;
  }
}

const HEADER_BYTES = 12;
const CLIENT_SUBNET = 8;

/** Reads a query. Throws a MalformedQuery. */
export function readQuery(bytes: Buffer): Query {
  if (bytes.length < HEADER_BYTES) throw new MalformedQuery('shorter than a header');
  const id = bytes.readUInt16BE(0);
  const flags = bytes.readUInt16BE(2);
  // An answer that is answered would go to and fro for ever.
  if (flags & 0x8000) throw new MalformedQuery('a response');
  const opcode = (flags >> 11) & 0xf;
  if (opcode !== 0) throw new MalformedQuery(`operation ${opcode}`, { id, rcode: RCODES.NOTIMP });
  const malformed = (what: string): MalformedQuery => new MalformedQuery(what, { id, rcode: RCODES.FORMERR });
  if (bytes.readUInt16BE(4) !== 1) throw malformed('not exactly one question');
  try {
    const reader = new Reader(bytes, HEADER_BYTES);
    const question = reader.question();
    const others = bytes.readUInt16BE(6) + bytes.readUInt16BE(8);
    for (let i = 0; i < others; i++) reader.record();
    let edns: Edns | undefined;
    for (let i = 0; i < bytes.readUInt16BE(10); i++) {
      const record = reader.record();
      if (record.type === TYPES.OPT) edns = readEdns(record);
    }
    return { id, opcode, recursionDesired: (flags & 0x0100) !== 0, question, ...(edns ? { edns } : {}) };
  } catch (error) {
    if (error instanceof RangeError) throw malformed(error.message);
    throw error;
  }
}

/** One record of an answer from elsewhere. */
export interface RawRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly data: Buffer;
  /** The name that its data is, for the types that hold one. */
  readonly target?: string;
}

export interface Response {
  readonly id: number;
  readonly truncated: boolean;
  readonly rcode: number;
  readonly question: Question;
  readonly answers: readonly RawRecord[];
}

/** Reads the answer of another server. Throws a RangeError when it makes no sense. */
export function readResponse(bytes: Buffer): Response {
  const flags = bytes.readUInt16BE(2);
  if (!(flags & 0x8000) || bytes.readUInt16BE(4) !== 1) throw new RangeError('not an answer to one question');
  const reader = new Reader(bytes, HEADER_BYTES);
  const question = reader.question();
  const answers = Array.from({ length: bytes.readUInt16BE(6) }, () => reader.record());
  return { id: bytes.readUInt16BE(0), truncated: (flags & 0x0200) !== 0, rcode: flags & 0xf, question, answers };
}

/** Every read beyond the end is a RangeError of Buffer. */
class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  question(): Question {
    return { name: this.#name(), type: this.#uint16(), class: this.#uint16() };
  }

  record(): RawRecord {
    const name = this.#name();
    const type = this.#uint16();
    const recordClass = this.#uint16();
    const ttl = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    const length = this.#uint16();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a record ends behind the message');
    const data = this.#bytes.subarray(this.#at, end);
    const target = NAMED.has(type) ? this.#name() : undefined;
    this.#at = end;
    return { name, type, class: recordClass, ttl, data, ...(target === undefined ? {} : { target }) };
  }

  #uint16(): number {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  /** A pointer may only lead back, so that a name has an end. */
  #name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let jumped = false;
    let length = 0;
    for (let limit = at; ; ) {
      const size = this.#bytes.readUInt8(at);
      if (size >= 0xc0) {
        const to = this.#bytes.readUInt16BE(at) & 0x3fff;
        if (to >= limit) throw new RangeError('a name points forward');
        if (!jumped) this.#at = at + 2;
        jumped = true;
        limit = to;
        at = to;
        continue;
      }
      if (size > 63) throw new RangeError('a label of an unknown kind');
      at += 1;
      if (size === 0) break;
      length += size + 1;
      if (length > 254 || at + size > this.#bytes.length) throw new RangeError('a name is too long');
      labels.push(this.#bytes.toString('latin1', at, at + size));
      at += size;
    }
    if (!jumped) this.#at = at;
    return labels.join('.');
  }
}

const NAMED = new Set<number>([TYPES.NS, TYPES.CNAME, TYPES.PTR]);

function readEdns(record: RawRecord): Edns {
  const edns = { udpSize: record.class, version: (record.ttl >> 16) & 0xff };
  for (let at = 0; at + 4 <= record.data.length; ) {
    const code = record.data.readUInt16BE(at);
    const end = at + 4 + record.data.readUInt16BE(at + 2);
    if (end > record.data.length) throw new RangeError('an option ends behind its record');
    if (code === CLIENT_SUBNET) return { ...edns, clientSubnet: record.data.subarray(at + 4, end) };
    at = end;
  }
  return edns;
}
