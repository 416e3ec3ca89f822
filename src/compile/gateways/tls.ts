import type { CertificateSource, ListenerTls, TlsVersion } from '../proxy-config.ts';

/** As entries of both kinds of gateways say it. */
interface TlsParameters {
  readonly minVersion?: string | undefined;
  readonly maxVersion?: string | undefined;
  readonly cipherSuites?: readonly string[] | undefined;
}

/** Consul: what a gateway says is for all of its listeners that say nothing else. */
export function listenerTls(certificates: readonly CertificateSource[], parameters: TlsParameters): ListenerTls {
  const [min, max] = [versionOf(parameters.minVersion), versionOf(parameters.maxVersion)];
  const { cipherSuites = [] } = parameters;
  return {
    certificates,
    ...(min ? { minVersion: min } : {}),
    ...(max ? { maxVersion: max } : {}),
    ...(cipherSuites.length > 0 ? { ciphers: cipherSuites.map(cipherOf) } : {}),
  };
}

const VERSIONS: Readonly<Record<string, TlsVersion>> = {
  TLSv1_0: 'TLSv1',
  TLSv1_1: 'TLSv1.1',
  TLSv1_2: 'TLSv1.2',
  TLSv1_3: 'TLSv1.3',
};

/** TLS_AUTO says nothing. */
const versionOf = (name = ''): TlsVersion | undefined => VERSIONS[name];

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` as OpenSSL calls it: `ECDHE-RSA-AES128-GCM-SHA256`. */
function cipherOf(suite: string): string {
  const short = suite
    .replace(/^TLS_/, '')
    .replace('RSA_WITH_', (all, at: number) => (at === 0 ? '' : all))
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)_CBC/, 'AES$1')
    .replace(/AES_(\d+)/, 'AES$1')
    .replace(/_POLY1305_SHA256$/, '_POLY1305');
  return short.replaceAll('_', '-');
}
