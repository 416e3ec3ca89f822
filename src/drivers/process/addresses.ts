import { ipToNumber, numberToIp } from '../../base/ipv4.ts';

/**
 * Virtual addresses (10.5.0.110) onto loopback ones (127.5.0.110). Pure: what can be bound is found out by the caller,
 * who asks for the next candidate after each refusal.
 */

/**
 * The loopback address that looks most like the virtual one: only the first octet changes. 127.0.0.0/16 holds localhost and
 * the resolvers of many systems, so a second octet of 0 takes the first one's place.
 */
export function naturalLoopback(virtual: string): string {
  const [first, second, third, fourth] = virtual.split('.').map(Number) as [number, number, number, number];
  return [127, second === 0 ? first : second, third, fourth].join('.');
}

/** The natural loopback address, or the next ones after it that are not in `taken`; never ends in .0 or .255, never in 127.0.0.0/16. */
export function loopbackCandidate(virtual: string, taken: ReadonlySet<string>): string {
  const first = ipToNumber('127.1.0.1');
  const last = ipToNumber('127.255.255.254');
  const natural = Math.max(ipToNumber(naturalLoopback(virtual)), first);
  for (let value = natural; ; value = value >= last ? first : value + 1) {
    const candidate = numberToIp(value);
    if (value % 256 !== 0 && value % 256 !== 255 && !taken.has(candidate)) return candidate;
  }
}
