/** A writer for the part of DER (X.690) that certificates need. Every function returns one complete element. */

/** Tag, length, content: the shape of every element. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(length), ...content]);
}

/** Up to 127 in one octet; above that, a count of octets and then the length in as few of them as it takes. */
export function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = bigEndian(BigInt(length));
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
}

export function sequence(...content: readonly Buffer[]): Buffer {
  return element(0x30, ...content);
}

export function set(...content: readonly Buffer[]): Buffer {
  return element(0x31, ...content);
}

/** NULL. */
export function nothing(): Buffer {
  return element(0x05);
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0x00]));
}

/** Throws a RangeError below zero: nothing in a certificate is. */
export function integer(value: bigint): Buffer {
  if (value < 0n) throw new RangeError(`a certificate holds no negative integers, got ${value}`);
  const octets = bigEndian(value);
  // The first bit is the sign.
  return element(0x02, octets[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets);
}

export function octetString(content: Buffer): Buffer {
  return element(0x04, content);
}

export function bitString(content: Buffer, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), content);
}

/** A bit string with these bits set, 0 being the most significant, without trailing zeros (X.690 11.2.2). */
export function namedBits(...bits: readonly number[]): Buffer {
  const last = Math.max(...bits);
  const octets = Buffer.alloc((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return bitString(octets, 7 - (last & 7));
}

/** From the dotted form: `1.2.840.10045.4.3.2`. Throws a RangeError on anything else. */
export function objectId(dotted: string): Buffer {
  const arcs = dotted.split('.').map((arc) => (/^(0|[1-9]\d*)$/.test(arc) ? BigInt(arc) : -1n));
  const [first = -1n, second = -1n, ...rest] = arcs;
  const valid = arcs.every((arc) => arc >= 0n) && first >= 0n && first <= 2n && second >= 0n && (first === 2n || second < 40n);
  if (!valid) throw new RangeError(`${JSON.stringify(dotted)} is not an object identifier`);
  return element(0x06, ...[first * 40n + second, ...rest].map(base128));
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, 'utf8'));
}

/**
 * Milliseconds since the epoch, cut to seconds: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5).
 */
export function time(atMs: number): Buffer {
  const digits = new Date(atMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const year = Number(digits.slice(0, 4));
  if (year < 1950 || year > 9999) throw new RangeError(`a certificate can't hold the year ${year}`);
  return year < 2050 ? element(0x17, Buffer.from(digits.slice(2), 'ascii')) : element(0x18, Buffer.from(digits, 'ascii'));
}

/** `[n] EXPLICIT`: wraps a complete element. */
export function explicit(n: number, inner: Buffer): Buffer {
  return element(0xa0 | n, inner);
}

/** `[n] IMPLICIT` of a primitive type: replaces its tag, keeps its content. */
export function implicit(n: number, content: Buffer): Buffer {
  return element(0x80 | n, content);
}

function bigEndian(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** Seven bits an octet, all but the last with the high bit set. */
function base128(arc: bigint): Buffer {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return Buffer.from(octets);
}
