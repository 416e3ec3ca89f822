import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberToIp } from '../../src/base/ipv4.ts';
import { allocate, contains, overlaps, parseSubnet, type Subnet } from '../../src/blueprints/subnet.ts';

const subnet = (text: string): Subnet => parseSubnet(text)!;

describe('parsing', () => {
  it('ignores the host part', () => {
    expect(subnet('10.5.7.9/16')).toMatchObject({ first: subnet('10.5.0.0/16').first, last: subnet('10.5.0.0/16').last });
    expect(numberToIp(subnet('10.5.0.0/16').last)).toBe('10.5.255.255');
  });

  it.each([
    '',
    '10.5.0.0',
    '10.5.0.0/',
    '10.5.0.0/31',
    '10.5.0.0/x',
    '10.5.0/16',
    '10.5.0.256/16',
    '10.5.0.0/16/2',
    '10.5.0.0/-1',
    'fd00::/64',
  ])('refuses %j', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });

  it.each(['0.0.0.0/0', '10.5.0.0/30', '255.255.255.252/30'])('takes %s', (text) => {
    expect(parseSubnet(text)?.cidr).toBe(text);
  });
});

it('knows what it contains', () => {
  for (const inside of ['10.5.0.0', '10.5.255.255']) expect(contains(subnet('10.5.0.0/16'), inside)).toBe(true);
  for (const outside of ['10.4.255.255', '10.6.0.0', '10.5.0', 'x']) expect(contains(subnet('10.5.0.0/16'), outside)).toBe(false);
});

it.each([
  ['10.5.0.0/16', '10.5.7.0/24', true],
  ['10.5.0.0/16', '10.5.0.0/16', true],
  ['10.5.0.0/16', '10.6.0.0/16', false],
  ['10.5.0.0/24', '10.5.1.0/24', false],
])('%s and %s overlap: %s', (a, b, expected) => {
  expect(overlaps(subnet(a), subnet(b))).toBe(expected);
  expect(overlaps(subnet(b), subnet(a))).toBe(expected);
});

describe('allocation', () => {
  it('begins after the gateway, and ends before the broadcast address', () => {
    expect(allocate(subnet('10.5.0.0/30'), new Set())).toBe('10.5.0.2');
    expect(allocate(subnet('10.5.0.0/30'), new Set(['10.5.0.2']))).toBeUndefined();
  });

  it('gives each address once, inside of the subnet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (prefix, address) => {
        const network = subnet(`${numberToIp(address)}/${prefix}`);
        const taken = new Set<string>();
        for (let next = allocate(network, taken); next !== undefined; next = allocate(network, taken)) {
          expect(contains(network, next)).toBe(true);
          expect(taken.has(next)).toBe(false);
          taken.add(next);
        }
        expect(taken.size).toBe(2 ** (32 - prefix) - 3);
      }),
      { numRuns: 30 },
    );
  });
});
