import { ipToNumber, isIpv4, numberToIp } from '../base/ipv4.ts';

/** IPv4 networks of blueprints: parsing, containment and allocation. Pure. */
export interface Subnet {
  readonly cidr: string;
  /** First and last address, as numbers. */
  readonly first: number;
  readonly last: number;
}

/** `10.5.0.0/16`; the host part is ignored, as Docker does. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', bits = ''] = text.split('/');
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : 99;
  if (!isIpv4(address) || prefix > 30 || text.split('/').length !== 2) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(ipToNumber(address) / size) * size;
  return { cidr: text, first, last: first + size - 1 };
}

export function contains(subnet: Subnet, address: string): boolean {
  if (!isIpv4(address)) return false;
  const ip = ipToNumber(address);
  return ip >= subnet.first && ip <= subnet.last;
}

/** The network's own address, or its broadcast address. */
export function isReserved(subnet: Subnet, address: string): boolean {
  const ip = ipToNumber(address);
  return ip === subnet.first || ip === subnet.last;
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The lowest free host address; the first one is the gateway's, as in a container network. Undefined when the subnet is full. */
export function allocate(subnet: Subnet, taken: ReadonlySet<string>): string | undefined {
  for (let ip = subnet.first + 2; ip < subnet.last; ip++) {
    const address = numberToIp(ip);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
