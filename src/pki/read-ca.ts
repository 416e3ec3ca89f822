import { X509Certificate } from 'node:crypto';
import { type Element, readElements } from './read-der.ts';

/** The certificate of a CA that somebody else has made: what is needed to sign in its name. */
export interface CaCertificate {
  readonly certificate: X509Certificate;
  readonly serial: bigint;
  /** Name, DER. */
  readonly subject: Buffer;
  /** Absent where the certificate has none. */
  readonly subjectKeyId?: Buffer;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Reads the first certificate of a PEM text. Throws an Error that says what is wrong. */
export function readCaCertificate(pem: string): CaCertificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new Error('no PEM-encoded data found');
  }
  if (!certificate.ca) throw new Error('the certificate is not that of a CA');
  const [toBeSigned] = readElements(readElements(certificate.raw)[0]!.content);
  const fields = readElements(toBeSigned!.content).filter((field) => field.tag !== VERSION);
  const [serial, , , , subject] = fields;
  const subjectKeyId = extensionOf(fields, SUBJECT_KEY_ID);
  return {
    certificate,
    serial: BigInt(`0x${serial!.content.toString('hex')}`),
    subject: subject!.raw,
    // The value is an octet string of its own.
    ...(subjectKeyId ? { subjectKeyId: readElements(subjectKeyId)[0]!.content } : {}),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  };
}

/** Tags of the fields (RFC 5280 4.1) that are told apart by them. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** 2.5.29.14, DER. */
const SUBJECT_KEY_ID = Buffer.from('551d0e', 'hex');

function extensionOf(fields: readonly Element[], id: Buffer): Buffer | undefined {
  const list = fields.find((field) => field.tag === EXTENSIONS);
  for (const extension of list ? readElements(readElements(list.content)[0]!.content) : []) {
    const parts = readElements(extension.content);
    if (parts[0]?.content.equals(id)) return parts.at(-1)!.content;
  }
  return undefined;
}
