import type { CertificateSource, ListenerTls } from '../proxy-config.ts';
import { tlsParameters, type WrittenTls } from '../tls-parameters.ts';

/** TLS of a listener towards callers from outside, as entries of both kinds of gateways say it. */
export function listenerTls(certificates: readonly CertificateSource[], written: WrittenTls): ListenerTls {
  return { certificates, ...tlsParameters(written) };
}
