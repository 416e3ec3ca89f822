import type { KeyObject } from 'node:crypto';
import { certificateToPem, signCertificate } from './certificate.ts';
import { authorityKeyIdentifier, leafExtensions, subjectAlternativeUri } from './extensions.ts';
import { anyKeyFromPem, generateKey, type KeyPair, keyId, keyToPem } from './key.ts';
import { leafCommonName, otherCommonName } from './names.ts';
import { octetsOf, type Root, subjectOf } from './root.ts';
import { type Identity, parseIdentity } from './spiffe.ts';
import { CLOCK_SKEW_MS, validity } from './validity.ts';

/** The certificate and key of a service, a gateway, a server or an agent. Secret because of `keyPem`. */
export interface Leaf {
  /** SPIFFE URI. */
  readonly identity: string;
  /** The certificate, then what else a peer needs to follow it to a root. */
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
  /** SPIFFE URI of the root's trust domain. */
  readonly identity: string;
  /** Names for those who know nothing of SPIFFE, in addition. */
  readonly dnsNames?: readonly string[];
  /** PEM, to stand behind the certificate: what older roots say of this one. */
  readonly intermediates?: readonly string[];
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
  return anyKeyFromPem(root.keyPem).privateKey;
}

/**
 * Issues a certificate, with a new key unless one is given. It never outlives its root.
 * Throws an Error when the identity is none of the root's trust domain, or a CA's.
 */
export function issueLeaf(request: LeafRequest): Leaf {
  const { root, identity, serial, now, ttlMs = LEAF_TTL_MS, key = generateKey() } = request;
  const parsed = parseIdentity(identity);
  if (!parsed.ok) throw new Error(`${parsed.error}: ${JSON.stringify(identity)}`);
  const subject = commonNameOf(parsed.identity);
  if (parsed.identity.trustDomain !== root.trustDomain.toLowerCase())
    throw new Error(`the root of trust domain ${root.trustDomain} can't sign for ${identity}`);
  const wanted = validity(now - CLOCK_SKEW_MS, ttlMs);
  const notAfter = Math.min(wanted.notAfter, root.notAfter);
  const der = signCertificate(
    {
      serial: BigInt(serial),
      issuer: subjectOf(root),
      subject,
      notBefore: wanted.notBefore,
      notAfter,
      spki: key.spki,
      extensions: [
        ...leafExtensions(keyId(key.spki)),
        authorityKeyIdentifier(octetsOf(root.signingKeyId)),
        subjectAlternativeUri(parsed.uri, request.dnsNames),
      ],
    },
    request.signingKey ?? signingKeyOf(root),
  );
  const certPem = [certificateToPem(der), ...(request.intermediates ?? [])].join('');
  return { identity: parsed.uri, certPem, keyPem: keyToPem(key), notBefore: wanted.notBefore, notAfter, serial };
}

function commonNameOf(identity: Identity): string {
  const { trustDomain } = identity;
  switch (identity.kind) {
    case 'service':
      return leafCommonName(identity.service, identity.namespace, trustDomain);
    case 'agent':
      return otherCommonName(identity.id, 'agnt', trustDomain);
    case 'mesh-gateway':
      return otherCommonName(identity.datacenter, 'mgw', trustDomain);
    case 'server':
      return otherCommonName(identity.datacenter, 'srv', trustDomain);
    case 'ca':
      throw new Error('SPIFFE ID is not in the expected format: that of a CA is no leaf');
  }
}
