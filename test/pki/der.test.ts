import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  boolean,
  integer,
  lengthOctets,
  namedBits,
  objectId,
  octetString,
  sequence,
  time,
  utf8String,
} from '../../src/pki/der.ts';

const hex = (der: Buffer) => der.toString('hex');

/** An independent reader of one element: definite lengths in their shortest form only. */
function read(der: Buffer): { tag: number; content: Buffer } {
  const first = der[1]!;
  if (first < 0x80) {
    expect(der.length).toBe(2 + first);
    return { tag: der[0]!, content: der.subarray(2) };
  }
  const count = first & 0x7f;
  const length = Number(`0x${der.subarray(2, 2 + count).toString('hex')}`);
  expect(length).toBeGreaterThanOrEqual(count === 1 ? 0x80 : 2 ** (8 * (count - 1)));
  expect(der.length).toBe(2 + count + length);
  return { tag: der[0]!, content: der.subarray(2 + count) };
}

describe('integer', () => {
  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [256n, '02020100'],
    [0xffffn, '020300ffff'],
  ])('%s', (value, expected) => expect(hex(integer(value))).toBe(expected));

  it('is the shortest two’s complement of any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 1200n }), (value) => {
        const { tag, content } = read(integer(value));
        expect(tag).toBe(2);
        expect(content[0]! & 0x80).toBe(0);
        if (content.length > 1 && content[0] === 0) expect(content[1]! & 0x80).toBe(0x80);
        expect(BigInt(`0x${content.toString('hex')}`)).toBe(value);
      }),
    );
  });

  it('refuses what no certificate holds', () => expect(() => integer(-1n)).toThrow(RangeError));
});

describe('objectId', () => {
  it.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['2.999', '06028837'],
    ['0.39', '060127'],
  ])('%s', (dotted, expected) => expect(hex(objectId(dotted))).toBe(expected));

  it('keeps every arc', () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 130n });
    const start = fc.oneof(fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt({ min: 0n, max: 39n })), fc.tuple(fc.constant(2n), arc));
    fc.assert(
      fc.property(start, fc.array(arc, { maxLength: 8 }), (first, rest) => {
        const { tag, content } = read(objectId([...first, ...rest].join('.')));
        expect(tag).toBe(6);
        expect(decodeArcs(content)).toEqual([...first, ...rest]);
      }),
    );
  });

  it.each(['', '1', '3.1', '1.40', '1.2.x', '1..2', '1.02', '-1.2'])('refuses %j', (text) =>
    expect(() => objectId(text)).toThrow('is not an object identifier'),
  );
});

function decodeArcs(content: Buffer): bigint[] {
  const numbers: bigint[] = [];
  let value = 0n;
  let fresh = true;
  for (const octet of content) {
    if (fresh) expect(octet).not.toBe(0x80);
    value = (value << 7n) | BigInt(octet & 0x7f);
    fresh = (octet & 0x80) === 0;
    if (!fresh) continue;
    numbers.push(value);
    value = 0n;
  }
  const [head = 0n, ...rest] = numbers;
  const first = head >= 80n ? 2n : head / 40n;
  return [first, head - first * 40n, ...rest];
}

describe('lengths', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8180'],
    [255, '81ff'],
    [256, '820100'],
    [65_536, '83010000'],
  ])('%d', (length, expected) => expect(hex(lengthOctets(length))).toBe(expected));

  it('frame any content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
        expect(read(octetString(Buffer.from(bytes))).content.equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('other types', () => {
  it('sequence, boolean, text, bits', () => {
    expect(hex(sequence(boolean(true), boolean(false)))).toBe('30060101ff010100');
    expect(hex(utf8String('é'))).toBe('0c02c3a9');
    expect(hex(bitString(Buffer.from([0xa0]), 5))).toBe('030205a0');
  });

  it('named bits end at the last one that is set', () => {
    expect(hex(namedBits(0, 5, 6))).toBe('03020186');
    expect(hex(namedBits(0, 2, 3, 4))).toBe('030203b8');
    expect(hex(namedBits(8))).toBe('0303070080');
  });

  it('time changes its form in 2050', () => {
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59, 999)).toString('latin1')).toBe('\x17\x0d491231235959Z');
    expect(time(Date.UTC(2050, 0, 1)).toString('latin1')).toBe('\x18\x0f20500101000000Z');
    expect(() => time(Date.UTC(1949, 0, 1))).toThrow('1949');
  });
});
