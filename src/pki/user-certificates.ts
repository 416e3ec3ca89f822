import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificateToPem, signCertificate } from './certificate.ts';
import { authorityKeyIdentifier, caExtensions, leafExtensions, subjectAlternativeNames } from './extensions.ts';
import { generateKey, type KeyPair, keyFromPem, keyId, keyToPem } from './key.ts';
import { CLOCK_SKEW_MS, validity } from './validity.ts';

/** A certificate with its key, both PEM, for a user's own servers: nothing of the mesh trusts it. */
export interface UserCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface UserCertificateRequest {
  /** Common name. */
  readonly name: string;
  /** Positive, up to 20 octets; different for each certificate. */
  readonly serial: bigint;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly key?: KeyPair;
}

/** Ten years, as Shipyard's. */
const TTL_MS = 3650 * 24 * 3_600_000;

/** A self-signed CA. */
export function createUserCa({ name, serial, now, key = generateKey() }: UserCertificateRequest): UserCertificate {
  const { notBefore, notAfter } = validity(now - CLOCK_SKEW_MS, TTL_MS);
  const extensions = caExtensions(keyId(key.spki));
  const content = { serial, issuer: name, subject: name, notBefore, notAfter, spki: key.spki, extensions };
  return { certPem: certificateToPem(signCertificate(content, key.privateKey)), keyPem: keyToPem(key) };
}

/** Who signs: a CA of `createUserCa`, or one that somebody else has made with an EC P-256 key. */
export interface UserCa {
  readonly commonName: string;
  readonly key: KeyObject;
  /** Absent where it computes key ids in another way: then the leaf does not name it. */
  readonly keyId?: Buffer;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Reads a CA. Throws an Error that says what is wrong with it, without the key in it. */
export function readUserCa(certPem: string, keyPem: string): UserCa {
  const key = keyFromPem(keyPem);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certPem);
  } catch {
    throw new Error('the certificate is not readable: expected PEM, "CERTIFICATE"');
  }
  if (!certificate.ca) throw new Error('the certificate is not that of a CA');
  if (!certificate.checkPrivateKey(key.privateKey)) throw new Error('the key is not that of the certificate');
  const names = certificate.subject.split('\n');
  const commonName = names.length === 1 && names[0]!.startsWith('CN=') ? names[0]!.slice('CN='.length) : undefined;
  if (commonName === undefined) throw new Error('the subject of the certificate is more than a common name');
  const id = keyId(key.spki);
  const known = certificate.raw.includes(id) ? { keyId: id } : {};
  return { commonName, key: key.privateKey, notAfter: Date.parse(certificate.validTo), ...known };
}

/** A certificate for servers and clients, for these names and addresses; it never outlives its CA. */
export function issueUserLeaf(
  ca: UserCa,
  request: UserCertificateRequest & { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] },
): UserCertificate {
  const { name, serial, now, key = generateKey(), dnsNames, ipAddresses } = request;
  const { notBefore, notAfter } = validity(now - CLOCK_SKEW_MS, TTL_MS);
  const names = dnsNames.length + ipAddresses.length === 0 ? [] : [subjectAlternativeNames(dnsNames, ipAddresses)];
  const content = {
    serial,
    issuer: ca.commonName,
    subject: name,
    notBefore,
    notAfter: Math.min(notAfter, ca.notAfter),
    spki: key.spki,
    extensions: [...leafExtensions(keyId(key.spki)), ...(ca.keyId ? [authorityKeyIdentifier(ca.keyId)] : []), ...names],
  };
  return { certPem: certificateToPem(signCertificate(content, ca.key)), keyPem: keyToPem(key) };
}
