import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadBalancer } from '../../../src/compile/proxy-config.ts';
import { hash32 } from '../../../src/matching/hash.ts';
import type { Balancer } from '../../../src/proxy/outbound/balancers/balancer.ts';
import { observeLatency, PeakEwma } from '../../../src/proxy/outbound/balancers/peak-ewma.ts';
import { newBalancer } from '../../../src/proxy/outbound/balancers/policies.ts';
import type { Host } from '../../../src/proxy/outbound/host.ts';
import { host } from '../fixture/hosts.ts';
import { seeded } from '../l7/world.ts';

const balancer = (policy: LoadBalancer['policy'], hosts: readonly Host[], more: Partial<LoadBalancer> = {}): Balancer =>
  newBalancer({ policy, ...more }, hosts, seeded(1));

const idsOf = (count: number, pick: (i: number) => Host | undefined) => Array.from({ length: count }, (_, i) => pick(i)?.endpoint.id);
const tally = (ids: readonly (string | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id!] = (counts[id!] ?? 0) + 1;
  return counts;
};
const POLICIES = ['random', 'round_robin', 'least_request', 'ring_hash', 'maglev', 'peak_ewma'] as const;

describe.each(POLICIES)('%s', (policy) => {
  it('gives a host that may be used as long as there is one, and none that may not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ weight: fc.integer({ min: 1, max: 4 }), ejected: fc.boolean(), avoided: fc.boolean() }), { maxLength: 6 }),
        fc.nat(2 ** 32 - 1),
        (plan, hash) => {
          const hosts = plan.map(({ weight }, i) => host(`h${i}`, weight));
          hosts.forEach((one, i) => {
            one.ejected = plan[i]!.ejected;
          });
          const avoid = hosts.filter((_, i) => plan[i]!.avoided);
          const usable = hosts.filter((one) => !one.ejected && !avoid.includes(one));
          const picked = balancer(policy, hosts, { maximumRingSize: 64 }).pick(hash, avoid);
          if (usable.length === 0) expect(picked).toBeUndefined();
          else expect(usable).toContain(picked);
        },
      ),
      { numRuns: policy === 'maglev' ? 40 : 100 },
    );
  });
});

describe('round_robin', () => {
  it('gives each its turn, by weight and evenly spread', () => {
    const turns = balancer('round_robin', [host('a', 2), host('b'), host('c')]);
    expect(idsOf(8, () => turns.pick(0, undefined)).join('')).toBe('abcaabca');
  });

  it('goes on where it was when a host leaves or joins', () => {
    const [a, b, c] = [host('a'), host('b'), host('c')];
    const next = (...hosts: Host[]) => balancer('round_robin', hosts).pick(0, undefined)?.endpoint.id;
    expect([next(a, b), next(a, b, c), next(a, c)]).toEqual(['a', 'b', 'c']);
  });

  it('makes up for a turn that was passed over', () => {
    const hosts = [host('a'), host('b'), host('c')];
    const turns = balancer('round_robin', hosts);
    const ids = [turns.pick(0, [hosts[0]!])!.endpoint.id, ...idsOf(5, () => turns.pick(0, undefined))];
    expect(ids[0]).toBe('b');
    expect(tally(ids)).toEqual({ a: 2, b: 2, c: 2 });
  });

  it('gives a host that comes back no more than its share', () => {
    const hosts = [host('a'), host('b')];
    const turns = balancer('round_robin', hosts);
    hosts[0]!.ejected = true;
    expect(tally(idsOf(10, () => turns.pick(0, undefined)))).toEqual({ b: 10 });
    hosts[0]!.ejected = false;
    expect(tally(idsOf(4, () => turns.pick(0, undefined)))).toEqual({ a: 2, b: 2 });
  });

  it('with equal weights never gives a turn to one that had its last one later than another, whoever comes, goes or is avoided', () => {
    const subset = fc.uniqueArray(fc.nat(5));
    fc.assert(
      fc.property(fc.array(fc.record({ swapTo: fc.option(subset), avoid: subset }), { maxLength: 40 }), (steps) => {
        let all = Array.from({ length: 6 }, (_, i) => host(`h${i}`));
        const last = new Map<Host, number>();
        let present: readonly Host[] = all;
        let turns = balancer('round_robin', present);
        for (const [now, { swapTo, avoid }] of steps.entries()) {
          if (swapTo) {
            // One that left comes back as another.
            all = all.map((one, i) => (present.includes(one) ? one : host(`h${i}`)));
            present = swapTo.map((i) => all[i]!);
            turns = balancer('round_robin', present);
          }
          const avoided = avoid.map((i) => all[i]!);
          const picked = turns.pick(0, avoided);
          const others = present.filter((one) => !avoided.includes(one)).map((one) => last.get(one) ?? now);
          if (picked && last.has(picked)) expect(last.get(picked)).toBe(Math.min(...others));
          if (picked) last.set(picked, now);
        }
        expect(new Set(idsOf(present.length, () => turns.pick(0, undefined))).size).toBe(present.length);
      }),
    );
  });

  it('with equal weights lets one that joins wait for half of the others, and no longer if they change meanwhile', () => {
    const [joins, ...others] = Array.from({ length: 9 }, (_, i) => host(`h${i}`));
    const turns = balancer('round_robin', others);
    idsOf(11, () => turns.pick(0, undefined));
    const picked = idsOf(6, (i) => balancer('round_robin', [joins!, ...others, host(`x${i}`)]).pick(0, undefined));
    expect(picked.join(' ')).toBe('h4 h5 h6 h7 h0 h8');
  });

  it('with equal weights looks at as many hosts for a pick, however many there are', () => {
    let looks = 0;
    const counted = (one: Host, ejected: boolean): Host =>
      Object.defineProperty(one, 'ejected', {
        get: () => {
          looks++;
          return ejected;
        },
      });
    const turns = balancer(
      'round_robin',
      Array.from({ length: 100 }, (_, i) => counted(host(`h${i}`), i % 2 === 0)),
    );
    expect(new Set(idsOf(500, () => turns.pick(0, undefined))).size).toBe(50);
    expect(looks).toBeLessThanOrEqual(500 * 4);
  });
});

describe('random', () => {
  it('takes all alike, whatever their weights', () => {
    const drawn = tally(
      idsOf(
        6_000,
        (
          (any) => () =>
            any.pick(0, undefined)
        )(balancer('random', [host('a', 9), host('b'), host('c')])),
      ),
    );
    for (const id of ['a', 'b', 'c']) expect(Math.abs(drawn[id]! - 2_000)).toBeLessThan(200);
  });
});

describe('least_request', () => {
  it('prefers the least busy of those it compares', () => {
    const hosts = [host('a'), host('b'), host('c')];
    hosts[0]!.active = 5;
    hosts[1]!.active = 5;
    const picked = tally(
      idsOf(
        900,
        (
          (any) => () =>
            any.pick(0, undefined)
        )(balancer('least_request', hosts, { choiceCount: 8 })),
      ),
    );
    expect(picked['c']).toBeGreaterThan(830);
  });

  it('with two choices still gives the busiest something when it is compared with itself', () => {
    const hosts = [host('a'), host('b'), host('c')];
    hosts[0]!.active = 50;
    const picked = tally(
      idsOf(
        900,
        (
          (any) => () =>
            any.pick(0, undefined)
        )(balancer('least_request', hosts)),
      ),
    );
    // One of nine pairs is a with a.
    expect(picked['a']).toBeGreaterThan(60);
    expect(picked['a']).toBeLessThan(140);
  });

  it('with different weights goes by weight over what is under way', () => {
    const hosts = [host('a', 3), host('b', 1)];
    const turns = balancer('least_request', hosts);
    expect(tally(idsOf(8, () => turns.pick(0, undefined)))).toEqual({ a: 6, b: 2 });
    hosts[0]!.active = 5;
    const [a, b] = [3 / 6, 1];
    const picked = tally(idsOf(60, () => turns.pick(0, undefined)));
    expect(Math.abs(picked['a']! - (60 * a) / (a + b))).toBeLessThanOrEqual(2);
  });
});

describe('peak_ewma', () => {
  it('spares a host that has become slow, at once, and forgets it', () => {
    const hosts = [host('fast'), host('slow')];
    let now = 1_000;
    const any = new PeakEwma(hosts, seeded(1), () => now);
    for (const one of hosts) observeLatency(one, 10, now);
    observeLatency(hosts[1]!, 2_000, now);
    expect(tally(idsOf(50, () => any.pick(0, undefined)))).toEqual({ fast: 50 });
    now += 60_000;
    for (let i = 0; i < 5; i++) observeLatency(hosts[0]!, 10, now);
    expect(tally(idsOf(50, () => any.pick(0, undefined)))).toEqual({ slow: 50 });
  });

  it('weighs what is under way', () => {
    const hosts = [host('a'), host('b')];
    for (const one of hosts) observeLatency(one, 10, 1_000);
    hosts[0]!.active = 3;
    expect(new PeakEwma(hosts, seeded(1), () => 1_000).pick(0, undefined)?.endpoint.id).toBe('b');
  });
});

const KEYS = Array.from({ length: 10_000 }, (_, i) => hash32(`key-${i}`));
const owners = (hosts: readonly Host[], policy: 'ring_hash' | 'maglev'): Host[] => {
  const by = balancer(policy, hosts);
  return KEYS.map((key) => by.pick(key, undefined)!);
};

describe.each(['ring_hash', 'maglev'] as const)('%s', (policy) => {
  const hosts = Array.from({ length: 8 }, (_, i) => host(`h${i}`));

  it('sends a key always to the same host, in whatever order they are listed', () => {
    expect(owners([...hosts].reverse(), policy)).toEqual(owners(hosts, policy));
  });

  it('gives hosts their share of the keys, by weight', () => {
    const weighted = [host('a', 2), host('b', 1), host('c', 1)];
    const share = tally(owners(weighted, policy).map(({ endpoint: { id } }) => id));
    const tolerance = policy === 'maglev' ? 300 : 1_500;
    for (const [id, keys] of [['a', 5_000] as const, ['b', 2_500] as const, ['c', 2_500] as const])
      expect(Math.abs(share[id]! - keys), id).toBeLessThan(tolerance);
  });

  it.each([0, 3, 7])('moves only the keys of host %i when it leaves, a few others at most', (gone) => {
    const before = owners(hosts, policy);
    const after = owners(
      hosts.filter((_, i) => i !== gone),
      policy,
    );
    const moved = before.filter((owner, i) => owner !== hosts[gone] && owner !== after[i]).length;
    // Those who stay get more points on the ring, as many as its least size asks for.
    expect(moved).toBeLessThan(KEYS.length * (policy === 'maglev' ? 0.06 : 0.13));
  });

  it('moves only the keys of a host that is ejected or avoided, and spreads them', () => {
    const by = balancer(policy, hosts);
    const before = KEYS.map((key) => by.pick(key, undefined)!);
    expect(KEYS.filter((key, i) => before[i] !== hosts[2] && by.pick(key, [hosts[2]!]) !== before[i])).toEqual([]);
    hosts[2]!.ejected = true;
    const heirs = tally(KEYS.filter((_, i) => before[i] === hosts[2]).map((key) => by.pick(key, undefined)!.endpoint.id));
    hosts[2]!.ejected = false;
    expect(Object.keys(heirs)).toHaveLength(7);
  });
});

describe('ring_hash', () => {
  it('has no more points than it may', () => {
    const hosts = Array.from({ length: 20 }, (_, i) => host(`h${i}`));
    const small = newBalancer({ policy: 'ring_hash', minimumRingSize: 1, maximumRingSize: 4 }, hosts, seeded(1));
    expect(new Set(KEYS.map((key) => small.pick(key, undefined))).size).toBeLessThanOrEqual(4);
  });
});

describe('hash32', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['test', 0, 0xba6bd213],
    ['Hello, world!', 0, 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('of %j with seed %i is what MurmurHash3 says', (text, seed, hash) => expect(hash32(text, seed)).toBe(hash));
});
