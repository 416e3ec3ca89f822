import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ipToNumber, isIpv4, numberToIp } from '../../src/base/ipv4.ts';

it.each(['0.0.0.0', '10.5.0.110', '255.255.255.255'])('%s is an address', (text) => {
  expect(isIpv4(text)).toBe(true);
});

it.each([
  '',
  '10.5.0',
  '10.5.0.1.2',
  '10.5.0.256',
  '10.5.0.01',
  '010.5.0.1',
  '10.5.0.-1',
  '10.5.0.1 ',
  '10.5.0.x',
  '10.5..1',
  '::1',
  '1e1.0.0.1',
])('%j is none', (text) => {
  expect(isIpv4(text)).toBe(false);
});

it('is the same as a number', () => {
  expect(ipToNumber('10.5.0.110')).toBe(0x0a05006e);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const text = numberToIp(value);
      expect(isIpv4(text)).toBe(true);
      expect(ipToNumber(text)).toBe(value);
    }),
  );
});
