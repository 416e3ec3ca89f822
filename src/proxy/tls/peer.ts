import type { X509Certificate } from 'node:crypto';
import { identityOf } from '../../pki/identity.ts';
import { parseSpiffeId } from '../../pki/spiffe.ts';

/** Who is at the other end, read from a certificate whose chain has been verified. */
export interface Peer {
  /** SPIFFE URI, canonical. */
  readonly uri: string;
  readonly trustDomain: string;
  /** Source of intentions. Consul compares the name alone, not the datacenter. */
  readonly service: string;
  /** Where it is, as its certificate says. */
  readonly datacenter: string;
  /** SHA-256 of the certificate, lower-case hex: Envoy's `Hash` in x-forwarded-client-cert. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** A string says why the certificate names no service. */
export function readPeer(certificate: X509Certificate): Peer | string {
  const identity = identityOf(certificate);
  if (!identity.ok) return identity.error;
  return {
    uri: identity.uri,
    trustDomain: identity.id.trustDomain,
    service: identity.id.service,
    datacenter: identity.id.datacenter,
    hash: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfter: Date.parse(certificate.validTo),
  };
}

/** Empty when the URI is not that of a service, which equals no peer's. */
export function trustDomainOf(uri: string): string {
  const parsed = parseSpiffeId(uri);
  return parsed.ok ? parsed.id.trustDomain : '';
}
