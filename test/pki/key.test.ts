import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateKey, generateKeyAsync, keyFromPem, keyId, keyToPem } from '../../src/pki/key.ts';

describe('keys', () => {
  it('come as SEC1 and read back, also from PKCS#8', async () => {
    for (const key of [generateKey(), await generateKeyAsync()]) {
      const pem = keyToPem(key);
      expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
      expect(keyFromPem(pem).spki.equals(key.spki)).toBe(true);
      const pkcs8 = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      expect(keyToPem(keyFromPem(pkcs8))).toBe(pem);
    }
  });

  it('have the hash of the whole public key as their id', () => {
    const { spki, privateKey } = generateKey();
    const whole = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    expect(keyId(spki)).toEqual(createHash('sha256').update(whole).digest());
  });

  it('are refused when they are something else, without being shown', () => {
    const secret = 'c2VjcmV0';
    expect(() => keyFromPem(`-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----\n`)).toThrow(
      /^the private key is not readable: expected PEM, "EC PRIVATE KEY" or "PRIVATE KEY"$/,
    );
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    expect(() => keyFromPem(p384)).toThrow('the private key is secp384r1, expected EC P-256');
    const ed = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => keyFromPem(ed)).toThrow('the private key is ed25519, expected EC P-256');
  });
});
