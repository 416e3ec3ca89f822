import { addressBytes } from '../base/ip-address.ts';
import { type Edns, type Query, RCODES, type Reply, type ResourceRecord, TYPES } from './message.ts';

export interface WriteOptions {
  readonly recursionAvailable: boolean;
  /** Write every name in full. */
  readonly withoutCompression?: boolean;
}

/** Our own limit, as most servers': larger datagrams get lost in fragments. */
const OWN_UDP_SIZE = 1232;
const CLASS_IN = 1;

/** A reply on the wire. Records whose names can't be written (a label of more than 63 bytes) are left out. */
export function writeReply(query: Query, reply: Reply, options: WriteOptions): Buffer {
  const writer = new Writer(!options.withoutCompression);
  const rcode = RCODES[reply.rcode];
  const flags =
    0x8000 |
    (reply.authoritative ? 0x0400 : 0) |
    (reply.truncated ? 0x0200 : 0) |
    (query.recursionDesired ? 0x0100 : 0) |
    (options.recursionAvailable ? 0x0080 : 0) |
    (rcode & 0xf);
  writer.header(query.id, flags);
  writer.name(query.question.name);
  writer.uint16(query.question.type);
  writer.uint16(query.question.class);
  const sections = [reply.answers, reply.authorities, reply.additionals].map((records) =>
    records.filter((record) => writer.record(record)),
  );
  const counts = [1, ...sections.map((section) => section.length)];
  if (query.edns) {
    writer.opt(query.edns, rcode);
    counts[3]! += 1;
  }
  return writer.finish(counts);
}

/** An answer of nothing but a code, for what could not be read. */
export function writeFailure({ id, rcode }: { readonly id: number; readonly rcode: number }): Buffer {
  const writer = new Writer(false);
  writer.header(id, 0x8000 | rcode);
  return writer.finish([0, 0, 0, 0]);
}

/** A question to another server. */
export function writeQuestion(id: number, name: string, type: number): Buffer {
  const writer = new Writer(false);
  writer.header(id, 0x0100);
  writer.name(name);
  writer.uint16(type);
  writer.uint16(CLASS_IN);
  return writer.finish([1, 0, 0, 0]);
}

class Writer {
  readonly #names: Map<string, number> | undefined;
  #bytes = Buffer.allocUnsafe(512);
  #at = 0;

  constructor(compress: boolean) {
    this.#names = compress ? new Map() : undefined;
  }

  /** The counts follow with `finish`. */
  header(id: number, flags: number): void {
    this.uint16(id);
    this.uint16(flags);
    this.#room(8);
    this.#bytes.fill(0, this.#at, this.#at + 8);
    this.#at += 8;
  }

  uint16(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeUInt16BE(value & 0xffff, this.#at);
  }

  /** In the spelling that is given; what was written before in any spelling is pointed at. */
  name(name: string): void {
    const labels = name === '' ? [] : name.split('.');
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join('.').toLowerCase();
      const known = this.#names?.get(rest);
      if (known !== undefined) {
        this.uint16(0xc000 | known);
        return;
      }
      if (this.#at < 0x4000) this.#names?.set(rest, this.#at);
      this.#string(labels[i]!, 'latin1');
    }
    this.#byte(0);
  }

  /** False, and nothing written, when one of its names can't be. */
  record(record: ResourceRecord): boolean {
    if (!namesOf(record).every(isWritable)) return false;
    this.name(record.name);
    this.uint16(TYPES[record.type]);
    this.uint16(CLASS_IN);
    this.#uint32(record.ttl);
    const length = this.#at;
    this.uint16(0);
    this.#data(record);
    this.#bytes.writeUInt16BE(this.#at - length - 2, length);
    return true;
  }

  opt(edns: Edns, rcode: number): void {
    this.#byte(0);
    this.uint16(TYPES.OPT);
    this.uint16(OWN_UDP_SIZE);
    this.#uint32((rcode >> 4) << 24);
    const subnet = edns.clientSubnet && edns.clientSubnet.length >= 4 ? Buffer.from(edns.clientSubnet) : undefined;
    this.uint16(subnet ? subnet.length + 4 : 0);
    if (!subnet) return;
    // Scope 0: the answer is the same for everybody.
    subnet[3] = 0;
    this.uint16(8);
    this.uint16(subnet.length);
    this.#raw(subnet);
  }

  finish(counts: readonly number[]): Buffer {
    for (const [i, count] of counts.entries()) this.#bytes.writeUInt16BE(count, 4 + 2 * i);
    return this.#bytes.subarray(0, this.#at);
  }

  #data(record: ResourceRecord): void {
    switch (record.type) {
      case 'A':
      case 'AAAA':
        this.#raw(addressBytes(record.address)!);
        break;
      case 'TXT':
        for (const part of textParts(record.text)) this.#string(part);
        break;
      case 'SRV':
        for (const value of [record.priority, record.weight, record.port]) this.uint16(value);
        this.name(record.target);
        break;
      case 'SOA':
        this.name(record.mname);
        this.name(record.rname);
        for (const value of [record.serial, record.refresh, record.retry, record.expire, record.minimum]) this.#uint32(value);
        break;
      case 'NS':
      case 'CNAME':
      case 'PTR':
        this.name(record.target);
    }
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  #uint32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, this.#at);
  }

  #string(value: string | Buffer, encoding: BufferEncoding = 'utf8'): void {
    const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : value;
    this.#byte(bytes.length);
    this.#raw(bytes);
  }

  #raw(bytes: Buffer): void {
    this.#room(bytes.length);
    this.#at += bytes.copy(this.#bytes, this.#at);
  }

  #room(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#bytes.length + count));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function namesOf(record: ResourceRecord): string[] {
  if (record.type === 'SOA') return [record.name, record.mname, record.rname];
  return 'target' in record ? [record.name, record.target] : [record.name];
}

const isWritable = (name: string): boolean =>
  name === '' || (name.length < 254 && name.split('.').every((label) => label !== '' && Buffer.byteLength(label, 'latin1') < 64));

/** A text of more than 255 bytes stands in several strings. */
function textParts(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) parts.push(bytes.subarray(at, at + 255));
  return parts;
}
