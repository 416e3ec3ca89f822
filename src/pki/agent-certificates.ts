import { certificateToPem, signCertificate } from './certificate.ts';
import {
  type AgentUse,
  agentLeafExtensions,
  authorityKeyIdentifier,
  caExtensions,
  nameConstraints,
  subjectAlternativeNames,
} from './extensions.ts';
import { anyKeyFromPem, generateKey, keyId, keyToPem } from './key.ts';
import { readCaCertificate } from './read-ca.ts';
import type { UserCertificate } from './user-certificates.ts';
import { validity } from './validity.ts';

/** Certificates for the API of agents, as Consul's `tls` makes them. The CA of sidecars is another one. */

const DAY_MS = 24 * 3_600_000;

export interface AgentCaRequest {
  /** Positive, up to 20 octets. */
  readonly serial: bigint;
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Names that it may sign for; undefined: all. */
  readonly onlyFor?: readonly string[];
}

/** A self-signed CA. */
export function createAgentCa({ serial, days, now, onlyFor }: AgentCaRequest): UserCertificate {
  const key = generateKey();
  const name = `Consul Agent CA ${serial}`;
  const extensions = [...caExtensions(keyId(key.spki)), ...(onlyFor ? [nameConstraints(onlyFor)] : [])];
  const content = { serial, issuer: name, subject: name, ...validity(now, days * DAY_MS), spki: key.spki, extensions };
  return { certPem: certificateToPem(signCertificate(content, key.privateKey)), keyPem: keyToPem(key) };
}

export interface AgentCertificateRequest {
  readonly caCertPem: string;
  readonly caKeyPem: string;
  readonly use: AgentUse;
  /** Common name. */
  readonly name: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly serial: bigint;
  readonly days: number;
  readonly now: number;
}

/** A certificate of that CA, whoever has made it. Throws an Error that says what is wrong with the CA or the names. */
export function issueAgentCertificate(request: AgentCertificateRequest): UserCertificate {
  const ca = readCaCertificate(request.caCertPem);
  const signer = anyKeyFromPem(request.caKeyPem);
  if (!ca.certificate.checkPrivateKey(signer.privateKey)) throw new Error('the key is not that of the CA');
  const key = generateKey();
  const authority = ca.subjectKeyId ? [authorityKeyIdentifier(ca.subjectKeyId)] : [];
  const names = subjectAlternativeNames(request.dnsNames, request.ipAddresses);
  const content = {
    serial: request.serial,
    issuer: ca.subject,
    subject: request.name,
    ...validity(request.now, request.days * DAY_MS),
    spki: key.spki,
    extensions: [...agentLeafExtensions(keyId(key.spki), request.use), ...authority, names],
  };
  return { certPem: certificateToPem(signCertificate(content, signer.privateKey)), keyPem: keyToPem(key) };
}
