import { createHash } from 'node:crypto';
import type { Random } from '../base/ports.ts';
import { certificateToPem, signCertificate } from './certificate.ts';
import { caExtensions, subjectAlternativeUri } from './extensions.ts';
import { generateKey, type KeyPair, keyId, keyToPem } from './key.ts';
import { rootCommonName } from './names.ts';
import { trustDomainIdentity } from './spiffe.ts';
import { CLOCK_SKEW_MS, validity } from './validity.ts';

/** A root CA with its key: plain JSON, so that it can be stored. Secret because of `keyPem`. */
export interface Root {
  /** SHA-1 of the certificate, `e4:86:…`. */
  readonly id: string;
  readonly name: string;
  readonly commonName: string;
  readonly trustDomain: string;
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Subject key id, `39:90:…`. */
  readonly signingKeyId: string;
  readonly certPem: string;
  readonly keyPem: string;
}

export interface RootRequest {
  /** `<cluster uuid>.consul` */
  readonly trustDomain: string;
  /** Next of the cluster's counter. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: Pick<Random, 'next'>;
  readonly ttlMs?: number;
  readonly key?: KeyPair;
}

/** Consul's RootCertTTL: 87600 h. */
export const ROOT_TTL_MS = 87_600 * 3_600_000;

/** A self-signed root for a trust domain. */
export function createRoot(request: RootRequest): Root {
  const { trustDomain, serial, now, random, ttlMs = ROOT_TTL_MS, key = generateKey() } = request;
  const commonName = rootCommonName(shortId(random), trustDomain);
  const { notBefore, notAfter } = validity(now - CLOCK_SKEW_MS, ttlMs);
  const ownKeyId = keyId(key.spki);
  const der = signCertificate(
    {
      serial: BigInt(serial),
      issuer: commonName,
      subject: commonName,
      notBefore,
      notAfter,
      spki: key.spki,
      extensions: [...caExtensions(ownKeyId), subjectAlternativeUri(trustDomainIdentity(trustDomain))],
    },
    key.privateKey,
  );
  return {
    id: colonHex(createHash('sha1').update(der).digest()),
    name: 'Consul CA Root Cert',
    commonName,
    trustDomain,
    serial,
    notBefore,
    notAfter,
    signingKeyId: colonHex(ownKeyId),
    certPem: certificateToPem(der),
    keyPem: keyToPem(key),
  };
}

/** Tells roots of one cluster apart in logs; not a secret. */
function shortId(random: Pick<Random, 'next'>): string {
  return Array.from({ length: 7 }, () => Math.floor(random.next() * 36).toString(36)).join('');
}

function colonHex(octets: Buffer): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}
