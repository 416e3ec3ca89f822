import { type KeyObject, sign } from 'node:crypto';
import { bitString, explicit, integer, nothing, objectId, sequence, set, time, utf8String } from './der.ts';

/** What a certificate says, before it is signed. */
export interface CertificateContent {
  readonly serial: bigint;
  /** A common name alone, as in Consul's certificates; or a whole Name, DER, of a CA that somebody else has made. */
  readonly issuer: string | Buffer;
  readonly subject: string | Buffer;
  /** Milliseconds since the epoch; whole seconds survive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** From extensions.ts, in the order in which they shall stand. */
  readonly extensions: readonly Buffer[];
}

/** An X.509 v3 certificate, DER, signed with SHA-256 and ECDSA or RSA, as the key is (Consul: for every size of key). */
export function signCertificate(content: CertificateContent, issuerKey: KeyObject): Buffer {
  const isRsa = issuerKey.asymmetricKeyType === 'rsa';
  const algorithm = isRsa ? sequence(objectId('1.2.840.113549.1.1.11'), nothing()) : sequence(objectId('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    explicit(0, integer(2n)),
    integer(content.serial),
    algorithm,
    nameOf(content.issuer),
    sequence(time(content.notBefore), time(content.notAfter)),
    nameOf(content.subject),
    content.spki,
    explicit(3, sequence(...content.extensions)),
  );
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, issuerKey)));
}

export function certificateToPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const nameOf = (name: string | Buffer): Buffer => (typeof name === 'string' ? commonName(name) : name);

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), utf8String(name))));
}
