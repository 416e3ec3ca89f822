import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIpv4 } from '../../../src/base/ipv4.ts';
import { loopbackCandidate, naturalLoopback } from '../../../src/drivers/process/addresses.ts';

const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));

describe('loopback addresses', () => {
  it.each([
    ['10.5.0.110', '127.5.0.110'],
    ['192.168.1.20', '127.168.1.20'],
    ['10.0.3.4', '127.10.3.4'],
    ['0.0.3.4', '127.0.3.4'],
  ])('%s looks like %s', (virtual, loopback) => {
    expect(naturalLoopback(virtual)).toBe(loopback);
  });

  it.each([
    ['the natural one', '10.5.0.110', [], '127.5.0.110'],
    ['the next one on a clash', '10.5.0.110', ['127.5.0.110', '127.5.0.111'], '127.5.0.112'],
    ['no broadcast or network address', '10.5.0.254', ['127.5.0.254'], '127.5.1.1'],
    ['nothing of 127.0.0.0/16', '0.0.0.53', [], '127.1.0.1'],
    ['from the start after the end', '10.255.255.254', ['127.255.255.254'], '127.1.0.1'],
  ])('offers %s', (_what, virtual, taken, offered) => {
    expect(loopbackCandidate(virtual, new Set(taken))).toBe(offered);
  });

  it('is a usable loopback address for every virtual one', () => {
    fc.assert(
      fc.property(address, (virtual) => {
        const candidate = loopbackCandidate(virtual, new Set());
        expect(isIpv4(candidate)).toBe(true);
        expect(candidate).toMatch(/^127\./);
        expect(candidate).not.toMatch(/^127\.0\./);
        expect(candidate).not.toMatch(/\.(0|255)$/);
      }),
    );
  });

  it('never gives one address to two', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: 60 }), (virtuals) => {
        const taken = new Set<string>();
        for (const virtual of virtuals) taken.add(loopbackCandidate(virtual, taken));
        expect(taken.size).toBe(virtuals.length);
      }),
    );
  });
});
