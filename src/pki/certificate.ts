import { type KeyObject, sign } from 'node:crypto';
import { bitString, explicit, integer, objectId, sequence, set, time, utf8String } from './der.ts';

/** What a certificate says, before it is signed. Names are a common name alone, as in Consul's certificates. */
export interface CertificateContent {
  readonly serial: bigint;
  readonly issuer: string;
  readonly subject: string;
  /** Milliseconds since the epoch; whole seconds survive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** From extensions.ts, in the order in which they shall stand. */
  readonly extensions: readonly Buffer[];
}

/** An X.509 v3 certificate, DER, signed with ECDSA and SHA-256. */
export function signCertificate(content: CertificateContent, issuerKey: KeyObject): Buffer {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    explicit(0, integer(2n)),
    integer(content.serial),
    algorithm,
    commonName(content.issuer),
    sequence(time(content.notBefore), time(content.notAfter)),
    commonName(content.subject),
    content.spki,
    explicit(3, sequence(...content.extensions)),
  );
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, issuerKey)));
}

export function certificateToPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), utf8String(name))));
}
