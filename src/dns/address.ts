import { addressBytes } from '../base/ip-address.ts';

/** Addresses as DNS has them. */

export function isIpv6(address: string): boolean {
  return addressBytes(address)?.length === 16;
}

/** The address as Go prints it: the longest run of zeros left out. */
export function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const runs = groups.map((_, start) => {
    const end = groups.findIndex((group, i) => i >= start && group !== '0');
    return { start, length: (end === -1 ? groups.length : end) - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < 2) return groups.join(':');
  return `${groups.slice(0, longest.start).join(':')}::${groups.slice(longest.start + longest.length).join(':')}`;
}

/** The name of an address in the tree of reverse look-ups (`4.3.2.1.in-addr.arpa`), read back; undefined when it is none. */
export function addressOfReverseName(name: string): string | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/i.exec(name);
  if (v4) {
    const bytes = addressBytes(v4.slice(1).reverse().join('.'));
    return bytes && formatAddress(bytes);
  }
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/i.exec(name);
  return v6?.[1] && formatAddress(Buffer.from(v6[1].replaceAll('.', '').split('').reverse().join(''), 'hex'));
}
