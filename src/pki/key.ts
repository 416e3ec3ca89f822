import { createHash, createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A P-256 key, and its public half in the form that certificates carry. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
}

const CURVE = { namedCurve: 'P-256' } as const;

/** About 0.2 ms on the calling thread. */
export function generateKey(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', CURVE);
  return { privateKey, spki: spkiOf(publicKey) };
}

/** The same on the thread pool, for issuing many without stopping traffic. */
export async function generateKeyAsync(): Promise<KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', CURVE);
  return { privateKey, spki: spkiOf(publicKey) };
}

/** Reads SEC1 or PKCS#8. Throws an Error that says what is wrong, without the key in it. */
export function keyFromPem(pem: string): KeyPair {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new Error('the private key is not readable: expected PEM, "EC PRIVATE KEY" or "PRIVATE KEY"');
  }
  const curve = privateKey.asymmetricKeyDetails?.namedCurve;
  if (curve !== 'prime256v1') throw new Error(`the private key is ${curve ?? privateKey.asymmetricKeyType}, expected EC P-256`);
  return { privateKey, spki: spkiOf(createPublicKey(privateKey)) };
}

/** `EC PRIVATE KEY` (SEC1), the form in which Consul hands out leaf keys. */
export function keyToPem(key: KeyPair): string {
  return key.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

/** Subject and authority key id: SHA-256 of the whole SubjectPublicKeyInfo, as Consul computes it (not RFC 5280's SHA-1 of the bits). */
export function keyId(spki: Buffer): Buffer {
  return createHash('sha256').update(spki).digest();
}

function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}
