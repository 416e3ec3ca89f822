import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Somebody who issues tokens. */
export class Issuer {
  readonly name: string;
  #keys: { kid: string; privateKey: CryptoKey; jwk: object }[] = [];

  static async start(name: string): Promise<Issuer> {
    const issuer = new Issuer(name);
    await issuer.rotate('k1');
    return issuer;
  }

  private constructor(name: string) {
    this.name = name;
  }

  /** The key set: all keys that there ever were, or only the newest. */
  jwks(newest = false): string {
    const keys = newest ? this.#keys.slice(-1) : this.#keys;
    return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  }

  async rotate(kid: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    this.#keys.push({ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } });
  }

  /** `expiresIn` in seconds from now. */
  token(claims: JWTPayload = {}, expiresIn = 300): Promise<string> {
    const { kid, privateKey } = this.#keys.at(-1)!;
    const at = Math.floor(Date.now() / 1000);
    const payload = { iss: this.name, sub: 'ann', iat: at, exp: at + expiresIn, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  }
}
