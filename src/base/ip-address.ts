import { isIpv4 } from './ipv4.ts';

/** An IP address as its 4 or 16 bytes; undefined for what is no IP address. */
export function addressBytes(address: string): Buffer | undefined {
  return address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
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
