import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { messageOf } from '../../../base/errors.ts';
import { fetchJson } from './fetch-json.ts';

/** Resolves with the payload of a token whose signature is right. */
export type Verify = (token: string) => Promise<Uint8Array>;

/** Signatures with public keys only: with a shared secret whoever checks could sign. */
export const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA'];

const UNVERIFIED = 'no known key successfully validated the token signature';

/** PEM, one for each. Throws for one that can't be read. */
export function staticKeys(pems: readonly string[], algorithms: readonly string[]): Verify {
  const keys = pems.map((pem, i): KeyObject => {
    try {
      return createPublicKey(pem);
    } catch (error) {
      throw new Error(`error parsing public key ${i}: ${messageOf(error)}`);
    }
  });
  return async (token) => {
    for (const key of keys) {
      try {
        return (await compactVerify(token, key, { algorithms: [...algorithms] })).payload;
      } catch {
        // Another one may have signed it.
      }
    }
    throw new Error(UNVERIFIED);
  };
}

/** A key set at a URL: read when it is first needed, and again for a key that is not in it. */
export function remoteKeys(url: string, ca: string, algorithms: readonly string[]): Verify {
  let known: JSONWebKeySet | undefined;
  const verify = async (token: string, keys: JSONWebKeySet): Promise<Uint8Array> =>
    (await compactVerify(token, createLocalJWKSet(keys), { algorithms: [...algorithms] })).payload;
  return async (token) => {
    if (known) {
      try {
        return await verify(token, known);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw new Error(UNVERIFIED, { cause: error });
      }
    }
    const fetched = await fetchKeys(url, ca);
    known = fetched;
    try {
      return await verify(token, fetched);
    } catch (error) {
      throw new Error(UNVERIFIED, { cause: error });
    }
  };
}

export async function fetchKeys(url: string, ca: string): Promise<JSONWebKeySet> {
  const answer = await fetchJson({ url, ca });
  const keys = typeof answer === 'object' && answer !== null && 'keys' in answer ? answer.keys : undefined;
  if (!Array.isArray(keys)) throw new Error(`there are no keys at ${url}`);
  return answer as JSONWebKeySet;
}

/** What an OpenID provider says of itself. Throws unless it is the one that was asked for. */
export async function discover(url: string, ca: string): Promise<{ readonly jwksUrl: string }> {
  const answer = await fetchJson({ url: `${url.replace(/\/$/, '')}/.well-known/openid-configuration`, ca });
  const { issuer, jwks_uri: jwksUrl } = (answer ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
  if (issuer !== url)
    throw new Error(
      `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(url)} got ${JSON.stringify(issuer)}`,
    );
  if (typeof jwksUrl !== 'string') throw new Error('oidc: the provider names no keys');
  return { jwksUrl };
}
