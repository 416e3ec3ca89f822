import { isIpv4 } from '../base/ipv4.ts';

/** An IP address as the octets that stand in a certificate: 4 or 16. Throws a RangeError on anything else. */
export function addressOctets(address: string): Buffer {
  if (isIpv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL standard's reader of IPv6 addresses accepts every form, and writes only one.
  const canonical = URL.canParse(`http://[${address}]/`) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : undefined;
  if (canonical === undefined || !address.includes(':')) throw new RangeError(`${JSON.stringify(address)} is not an IP address`);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => 0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}
