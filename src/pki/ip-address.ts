import { addressBytes } from '../base/ip-address.ts';

/** An IP address as the octets that stand in a certificate: 4 or 16. Throws a RangeError on anything else. */
export function addressOctets(address: string): Buffer {
  const octets = addressBytes(address);
  if (!octets) throw new RangeError(`${JSON.stringify(address)} is not an IP address`);
  return octets;
}
