import type { CertificateSource, ListenerTls } from '../proxy-config.ts';
import { tlsParameters } from '../tls-parameters.ts';

/** As entries of both kinds of gateways say it. */
interface TlsParameters {
  readonly minVersion?: string | undefined;
  readonly maxVersion?: string | undefined;
  readonly cipherSuites?: readonly string[] | undefined;
}

/** Consul: what a gateway says is for all of its listeners that say nothing else. */
export function listenerTls(certificates: readonly CertificateSource[], parameters: TlsParameters): ListenerTls {
  const { minVersion, maxVersion, cipherSuites } = parameters;
  return { certificates, ...tlsParameters({ TLSMinVersion: minVersion, TLSMaxVersion: maxVersion, CipherSuites: cipherSuites }) };
}
