import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesField, bytesOf, intField, readFields, varint } from '../../../../src/images/fake-service/grpc/wire.ts';

it('writes varints as Protocol Buffers does', () => {
  expect(varint(0).toString('hex')).toBe('00');
  expect(varint(300).toString('hex')).toBe('ac02');
  expect(varint(2 ** 40).toString('hex')).toBe('808080808020');
});

it('reads what it writes', () => {
  const field = fc.record({ number: fc.integer({ min: 1, max: 1000 }), value: fc.oneof(fc.maxSafeNat(), fc.uint8Array()) });
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const expected = fields.map(({ number, value }) => ({ number, value: typeof value === 'number' ? value : Buffer.from(value) }));
      const encoded = expected.map(({ number, value }) =>
        typeof value === 'number' ? intField(number, value) : bytesField(number, value),
      );
      expect(readFields(Buffer.concat(encoded))).toEqual(expected);
    }),
  );
});

it('never throws at other bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readFields(Buffer.from(bytes))));
  expect(readFields(Buffer.from('0a05616263', 'hex'))).toBeUndefined();
  expect(readFields(Buffer.from('08', 'hex'))).toBeUndefined();
});

it('skips fixed-size fields, and the last occurrence counts', () => {
  const fields = readFields(Buffer.from(`0d00000000${bytesField(2, 'a').toString('hex')}${bytesField(2, 'b').toString('hex')}`, 'hex'));
  expect(fields && bytesOf(fields, 2)?.toString()).toBe('b');
});
