import { createHash, createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A private key, and its public half in the form that certificates carry. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
}

/** Consul's PrivateKeyType and PrivateKeyBits. */
export interface KeyKind {
  readonly type: 'ec' | 'rsa';
  readonly bits: number;
}

/** What every leaf has, and a CA that was told nothing else. */
export const DEFAULT_KEY_KIND: KeyKind = { type: 'ec', bits: 256 };

/** By Consul's PrivateKeyBits. */
const CURVES: Readonly<Record<number, string>> = { 224: 'secp224r1', 256: 'prime256v1', 384: 'secp384r1', 521: 'secp521r1' };

const CURVE = { namedCurve: 'P-256' } as const;

/** P-256; about 0.2 ms on the calling thread. */
export function generateKey(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', CURVE);
  return { privateKey, spki: spkiOf(publicKey) };
}

/**
 * Any kind, on the thread pool: RSA takes from 0.1 s to several seconds. Rejects with a RangeError on an EC size that has no
 * curve.
 */
export async function generateKeyAsync(kind: KeyKind = DEFAULT_KEY_KIND): Promise<KeyPair> {
  const { privateKey, publicKey } =
    kind.type === 'rsa'
      ? await promisify(generateKeyPair)('rsa', { modulusLength: kind.bits })
      : await promisify(generateKeyPair)('ec', { namedCurve: curveOf(kind.bits) });
  return { privateKey, spki: spkiOf(publicKey) };
}

function curveOf(bits: number): string {
  const curve = CURVES[bits];
  if (curve === undefined) throw new RangeError(`there is no curve of ${bits} bits`);
  return curve;
}

/** Reads SEC1 or PKCS#8. Throws an Error that says what is wrong, without the key in it. */
export function keyFromPem(pem: string): KeyPair {
  const key = anyKeyFromPem(pem);
  const { type, bits } = kindOf(key.privateKey);
  if (type !== 'ec' || bits !== 256) {
    const { asymmetricKeyDetails, asymmetricKeyType } = key.privateKey;
    throw new Error(`the private key is ${asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType}, expected EC P-256`);
  }
  return key;
}

/** The same for keys of every kind that Node reads: what a CA of Consul may have is for `kindOf` to say. */
export function anyKeyFromPem(pem: string): KeyPair {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new Error('the private key is not readable: expected PEM, "EC PRIVATE KEY" or "PRIVATE KEY"');
  }
  return { privateKey, spki: spkiOf(createPublicKey(privateKey)) };
}

/** `other` with 0 bits: no kind that Consul has. */
export function kindOf(key: KeyObject): { readonly type: 'ec' | 'rsa' | 'other'; readonly bits: number } {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return { type: 'rsa', bits: modulusLength ?? 0 };
  const known = Object.entries(CURVES).find(([, curve]) => curve === namedCurve);
  return known ? { type: 'ec', bits: Number(known[0]) } : { type: 'other', bits: 0 };
}

/** `EC PRIVATE KEY` (SEC1) or `RSA PRIVATE KEY` (PKCS#1), the forms in which Consul hands out keys. */
export function keyToPem(key: KeyPair): string {
  const type = key.privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  return key.privateKey.export({ type, format: 'pem' }).toString();
}

/** Subject and authority key id: SHA-256 of the whole SubjectPublicKeyInfo, as Consul computes it (not RFC 5280's SHA-1 of the bits). */
export function keyId(spki: Buffer): Buffer {
  return createHash('sha256').update(spki).digest();
}

function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}
