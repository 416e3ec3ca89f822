import { isIpv4 } from '../base/ipv4.ts';

/** Addresses as DNS has them. */

/** 4 or 16 bytes; undefined for what is no IP address. */
export function addressBytes(address: string): Buffer | undefined {
  return address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
}

export function isIpv6(address: string): boolean {
  return address.includes(':') && ipv6Bytes(address) !== undefined;
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
    const bytes = ipv4Bytes(v4.slice(1).reverse().join('.'));
    return bytes && formatAddress(bytes);
  }
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/i.exec(name);
  return v6?.[1] && formatAddress(Buffer.from(v6[1].replaceAll('.', '').split('').reverse().join(''), 'hex'));
}

const ipv4Bytes = (address: string): Buffer | undefined => (isIpv4(address) ? Buffer.from(address.split('.').map(Number)) : undefined);

function ipv6Bytes(address: string): Buffer | undefined {
  const plain = address.replace(/(^|:)(\d+\.\d+\.\d+\.\d+)$/, (all: string, colon: string, v4: string) => {
    const bytes = ipv4Bytes(v4);
    return bytes ? `${colon}${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}` : all;
  });
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const bytes = Buffer.alloc(16);
  for (const [i, group] of groups.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i);
  return bytes;
}
