import { createPublicKey } from 'node:crypto';

/** The public half of a key (EC P-256, PEM): as PEM, and in the form of SSH's authorized_keys. */
export function publicKeyOf(keyPem: string): { readonly pem: string; readonly ssh: string } {
  const key = createPublicKey(keyPem);
  const { x, y } = key.export({ format: 'jwk' }) as { readonly x: string; readonly y: string };
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const parts = [Buffer.from(SSH_TYPE), Buffer.from('nistp256'), point].map(withLength);
  return { pem: key.export({ type: 'spki', format: 'pem' }).toString(), ssh: `${SSH_TYPE} ${Buffer.concat(parts).toString('base64')}\n` };
}

/** RFC 5656. */
const SSH_TYPE = 'ecdsa-sha2-nistp256';

/** RFC 4251: a string is its length in four octets, and its octets. */
function withLength(octets: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([length, octets]);
}
