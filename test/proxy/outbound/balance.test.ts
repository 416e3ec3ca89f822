import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../../src/proxy/outbound/balance.ts';

const endpoint = (id: string, weight = 1) => ({ id, weight, address: '127.0.0.1', port: 1 });

describe('RoundRobin', () => {
  it('gives each its turn, by weight and evenly spread', () => {
    const balance = new RoundRobin();
    const endpoints = [endpoint('a', 2), endpoint('b'), endpoint('c')];
    const order = Array.from({ length: 8 }, () => balance.next(endpoints)?.id).join('');
    expect(order).toBe('abcaabca');
  });

  it('goes on where it was when an endpoint leaves or joins', () => {
    const balance = new RoundRobin();
    expect(balance.next([endpoint('a'), endpoint('b')])?.id).toBe('a');
    expect(balance.next([endpoint('a'), endpoint('b'), endpoint('c')])?.id).toBe('b');
    expect(balance.next([endpoint('a'), endpoint('c')])?.id).toBe('c');
    expect(balance.next([])).toBeUndefined();
  });

  it('passes over endpoints to avoid as long as there are others, and makes up for it', () => {
    const balance = new RoundRobin();
    const endpoints = [endpoint('a'), endpoint('b'), endpoint('c')];
    expect(balance.next(endpoints, new Set(['a']))?.id).toBe('b');
    expect(balance.next(endpoints, new Set(['a', 'b', 'c']))?.id).toBe('a');
    const order = Array.from({ length: 6 }, () => balance.next(endpoints)?.id);
    for (const id of ['a', 'b', 'c']) expect(order.filter((drawn) => drawn === id)).toHaveLength(2);
  });
});
