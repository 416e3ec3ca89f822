import { isIpv4 as isIPv4 } from '../base/ipv4.ts';

export { isIPv4 };

/** Enough to tell an address from a name: what is listened on is judged by the system. */
export function isIPv6(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(bare)) return false;
  const groups = bare.split(':');
  return groups.length <= 8 && (bare.includes('::') || groups.length === 8) && groups.every((group) => group.length <= 4 || isIPv4(group));
}

export function isCidr(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  if (!/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}
