import { createHash, type X509Certificate } from 'node:crypto';
import type { Random } from '../base/ports.ts';
import { certificateToPem, signCertificate } from './certificate.ts';
import { authorityKeyIdentifier, caExtensions, crossSignedExtensions, subjectAlternativeUri } from './extensions.ts';
import { anyKeyFromPem, generateKey, type KeyPair, keyId, keyToPem, kindOf } from './key.ts';
import { rootCommonName } from './names.ts';
import { readCaCertificate } from './read-ca.ts';
import { trustDomainIdentity } from './spiffe.ts';
import { CLOCK_SKEW_MS, validity } from './validity.ts';

/** A root CA with its key: plain JSON, so that it can be stored. Secret because of `keyPem`. */
export interface Root {
  /** SHA-1 of the certificate, `e4:86:…`. */
  readonly id: string;
  readonly name: string;
  readonly commonName: string;
  /** Base64 of its Name, DER, where that is more than the common name: a user's own root. */
  readonly subject?: string;
  readonly trustDomain: string;
  /** The last 64 bits of a user's own. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Subject key id, `39:90:…`. */
  readonly signingKeyId: string;
  /** Absent: `ec` and 256. */
  readonly keyType?: 'ec' | 'rsa';
  readonly keyBits?: number;
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

/** Consul: what the old root says of the new one is good for a week. */
export const CROSS_SIGNED_TTL_MS = 7 * 24 * 3_600_000;

const NAME = 'Consul CA Root Cert';

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
    id: fingerprint(der),
    name: NAME,
    commonName,
    trustDomain,
    serial,
    notBefore,
    notAfter,
    signingKeyId: colonHex(ownKeyId),
    ...keyFields(key),
    certPem: certificateToPem(der),
    keyPem: keyToPem(key),
  };
}

/** A root that the user brings. Throws an Error that says what is wrong with it, without the key in it. */
export function adoptRoot(certPem: string, keyPem: string, trustDomain: string): Root {
  const ca = readCaCertificate(certPem);
  const key = anyKeyFromPem(keyPem);
  if (!ca.certificate.checkPrivateKey(key.privateKey)) throw new Error('the private key is not that of the root cert');
  const { raw } = ca.certificate;
  return {
    id: fingerprint(raw),
    name: NAME,
    commonName: commonNameOf(ca.certificate),
    subject: ca.subject.toString('base64'),
    trustDomain,
    serial: Number(BigInt.asUintN(64, ca.serial)),
    notBefore: ca.notBefore,
    notAfter: ca.notAfter,
    signingKeyId: colonHex(ca.subjectKeyId ?? keyId(key.spki)),
    ...keyFields(key),
    certPem: certificateToPem(raw),
    keyPem: keyToPem(key),
  };
}

/**
 * A certificate of `next` by the root before it: who trusts only the old one can follow a leaf of the new one. It lives at
 * least as long as the leaves that are shown with it, and never outlives who signed it.
 */
export function crossSign(
  old: Root,
  next: Root,
  request: { readonly serial: number; readonly now: number; readonly ttlMs?: number },
): string {
  const { serial, now, ttlMs = CROSS_SIGNED_TTL_MS } = request;
  const { notBefore, notAfter } = validity(now - CLOCK_SKEW_MS, ttlMs);
  const der = signCertificate(
    {
      serial: BigInt(serial),
      issuer: subjectOf(old),
      subject: subjectOf(next),
      notBefore,
      notAfter: Math.min(notAfter, old.notAfter, next.notAfter),
      spki: anyKeyFromPem(next.keyPem).spki,
      extensions: [
        ...crossSignedExtensions(octetsOf(next.signingKeyId)),
        authorityKeyIdentifier(octetsOf(old.signingKeyId)),
        subjectAlternativeUri(trustDomainIdentity(next.trustDomain)),
      ],
    },
    anyKeyFromPem(old.keyPem).privateKey,
  );
  return certificateToPem(der);
}

/** How certificates that it signs call it. */
export function subjectOf(root: Root): string | Buffer {
  return root.subject === undefined ? root.commonName : Buffer.from(root.subject, 'base64');
}

/** The octets of `39:90:…`. */
export const octetsOf = (colons: string): Buffer => Buffer.from(colons.replaceAll(':', ''), 'hex');

function keyFields(key: KeyPair): { keyType?: 'ec' | 'rsa'; keyBits?: number } {
  const { type, bits } = kindOf(key.privateKey);
  return type === 'other' || (type === 'ec' && bits === 256) ? {} : { keyType: type, keyBits: bits };
}

function commonNameOf(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';
}

/** Tells roots of one cluster apart in logs; not a secret. */
function shortId(random: Pick<Random, 'next'>): string {
  return Array.from({ length: 7 }, () => Math.floor(random.next() * 36).toString(36)).join('');
}

const fingerprint = (der: Buffer): string => colonHex(createHash('sha1').update(der).digest());

function colonHex(octets: Buffer): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}
