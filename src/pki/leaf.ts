import type { KeyObject } from 'node:crypto';
import { certificateToPem, signCertificate } from './certificate.ts';
import { authorityKeyIdentifier, leafExtensions, subjectAlternativeUri } from './extensions.ts';
import { generateKey, type KeyPair, keyFromPem, keyId, keyToPem } from './key.ts';
import { leafCommonName } from './names.ts';
import type { Root } from './root.ts';
import { parseSpiffeId } from './spiffe.ts';
import { CLOCK_SKEW_MS, validity } from './validity.ts';

/** A service's certificate and key. Secret because of `keyPem`. */
export interface Leaf {
  /** SPIFFE URI. */
  readonly identity: string;
  readonly certPem: string;
  readonly keyPem: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial: number;
}

export interface LeafRequest {
  readonly root: Root;
  /** From `signingKeyOf`, for who issues many: reading the root's PEM takes longer than everything else here. */
  readonly signingKey?: KeyObject;
  /** SPIFFE URI of a service of the root's trust domain. */
  readonly identity: string;
  /** Next of the cluster's counter. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly ttlMs?: number;
  readonly key?: KeyPair;
}

/** Consul's LeafCertTTL. */
export const LEAF_TTL_MS = 72 * 3_600_000;

/** The root's private key, ready to sign. */
export function signingKeyOf(root: Root): KeyObject {
  return keyFromPem(root.keyPem).privateKey;
}

/**
 * Issues a certificate, with a new key unless one is given. It never outlives its root.
 * Throws an Error when the identity is not that of a service in the root's trust domain.
 */
export function issueLeaf(request: LeafRequest): Leaf {
  const { root, identity, serial, now, ttlMs = LEAF_TTL_MS, key = generateKey() } = request;
  const parsed = parseSpiffeId(identity);
  if (!parsed.ok) throw new Error(`${parsed.error}: ${JSON.stringify(identity)}`);
  if (parsed.id.trustDomain !== root.trustDomain.toLowerCase())
    throw new Error(`the root of trust domain ${root.trustDomain} can't sign for ${identity}`);
  const wanted = validity(now - CLOCK_SKEW_MS, ttlMs);
  const notAfter = Math.min(wanted.notAfter, root.notAfter);
  const der = signCertificate(
    {
      serial: BigInt(serial),
      issuer: root.commonName,
      subject: leafCommonName(parsed.id.service, parsed.id.namespace, parsed.id.trustDomain),
      notBefore: wanted.notBefore,
      notAfter,
      spki: key.spki,
      extensions: [
        ...leafExtensions(keyId(key.spki)),
        authorityKeyIdentifier(Buffer.from(root.signingKeyId.replaceAll(':', ''), 'hex')),
        subjectAlternativeUri(parsed.uri),
      ],
    },
    request.signingKey ?? signingKeyOf(root),
  );
  return { identity: parsed.uri, certPem: certificateToPem(der), keyPem: keyToPem(key), notBefore: wanted.notBefore, notAfter, serial };
}
