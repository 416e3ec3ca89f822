/** A value of MessagePack: texts and bytes are the same thing in the form that Consul writes, so both are bytes here. */
export type Packed = null | boolean | number | bigint | Buffer | Packed[] | ReadonlyMap<string, Packed>;

/** Reads one value after the other. Throws a RangeError where the bytes end too early, an Error where they are something else. */
export class PackedReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#skip(1));
  }

  value(): Packed {
    const tag = this.byte();
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.#map(tag & 0x0f);
    if (tag < 0xa0) return this.#list(tag & 0x0f);
    if (tag < 0xc0) return this.#raw(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    return this.#tagged(tag);
  }

  #tagged(tag: number): Packed {
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xd9:
        return this.#raw(this.byte());
      case 0xc5:
      case 0xda:
        return this.#raw(this.#bytes.readUInt16BE(this.#skip(2)));
      case 0xc6:
      case 0xdb:
        return this.#raw(this.#bytes.readUInt32BE(this.#skip(4)));
      case 0xc7:
        return this.#extension(this.byte());
      case 0xc8:
        return this.#extension(this.#bytes.readUInt16BE(this.#skip(2)));
      case 0xc9:
        return this.#extension(this.#bytes.readUInt32BE(this.#skip(4)));
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xcc:
        return this.byte();
      case 0xcd:
        return this.#bytes.readUInt16BE(this.#skip(2));
      case 0xce:
        return this.#bytes.readUInt32BE(this.#skip(4));
      case 0xcf:
        return this.#bytes.readBigUInt64BE(this.#skip(8));
      case 0xd0:
        return this.#bytes.readInt8(this.#skip(1));
      case 0xd1:
        return this.#bytes.readInt16BE(this.#skip(2));
      case 0xd2:
        return this.#bytes.readInt32BE(this.#skip(4));
      case 0xd3:
        return this.#bytes.readBigInt64BE(this.#skip(8));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (tag - 0xd4));
      case 0xdc:
        return this.#list(this.#bytes.readUInt16BE(this.#skip(2)));
      case 0xdd:
        return this.#list(this.#bytes.readUInt32BE(this.#skip(4)));
      case 0xde:
        return this.#map(this.#bytes.readUInt16BE(this.#skip(2)));
      case 0xdf:
        return this.#map(this.#bytes.readUInt32BE(this.#skip(4)));
      default:
        throw new Error(`unrecognized descriptor byte: hex: ${tag.toString(16)}`);
    }
  }

  #skip(count: number): number {
    const from = this.at;
    if (from + count > this.#bytes.length) throw new RangeError('unexpected EOF');
    this.at += count;
    return from;
  }

  #raw(length: number): Buffer {
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** Its type says what the bytes are, which nobody here asks. */
  #extension(length: number): Buffer {
    this.#skip(1);
    return this.#raw(length);
  }

  #list(length: number): Packed[] {
    return Array.from({ length }, () => this.value());
  }

  #map(length: number): ReadonlyMap<string, Packed> {
    const map = new Map<string, Packed>();
    for (let i = 0; i < length; i++) {
      const key = this.value();
      map.set(Buffer.isBuffer(key) ? key.toString() : JSON.stringify(key), this.value());
    }
    return map;
  }
}
