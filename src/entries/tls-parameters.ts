import { list, optional, string } from '../schema/schema.ts';

/** Which versions and cipher suites of TLS a listener offers. */
export const tlsParameters = {
  TLSMinVersion: optional(string(), 'Oldest version of TLS: TLS_AUTO, TLSv1_0 to TLSv1_3.'),
  TLSMaxVersion: optional(string(), 'Newest version of TLS.'),
  CipherSuites: optional(list(string()), 'Cipher suites, for TLS 1.2 and older.'),
};

const VERSIONS = ['TLSv1_0', 'TLSv1_1', 'TLSv1_2', 'TLSv1_3'];
const AUTO = 'TLS_AUTO';

const CIPHER_SUITES: ReadonlySet<string> = new Set([
  ...['ECDHE_ECDSA', 'ECDHE_RSA'].flatMap((exchange) =>
    ['CHACHA20_POLY1305_SHA256', 'AES_128_GCM_SHA256', 'AES_128_CBC_SHA', 'AES_256_GCM_SHA384', 'AES_256_CBC_SHA'].map(
      (cipher) => `TLS_${exchange}_WITH_${cipher}`,
    ),
  ),
  ...['AES_128_GCM_SHA256', 'AES_128_CBC_SHA', 'AES_256_GCM_SHA384', 'AES_256_CBC_SHA'].map((cipher) => `TLS_RSA_WITH_${cipher}`),
]);

/** What is wrong with them, in Consul's words, and the field that it is about; undefined when nothing is. */
export function tlsProblem(
  min = '',
  max = '',
  suites: readonly string[] = [],
): { readonly field: 'min' | 'max' | 'suites'; readonly text: string } | undefined {
  for (const [field, version] of [
    ['min', min],
    ['max', max],
  ] as const) {
    if (version !== '' && version !== AUTO && !VERSIONS.includes(version)) {
      return { field, text: `no matching TLS version found for ${version}, please specify one of [${[AUTO, ...VERSIONS].join(', ')}]` };
    }
  }
  if (VERSIONS.includes(min) && VERSIONS.includes(max) && VERSIONS.indexOf(max) < VERSIONS.indexOf(min)) {
    return { field: 'max', text: `configuring max version ${max} less than the configured min version ${min} is invalid` };
  }
  if (suites.length === 0) return undefined;
  if (min === 'TLSv1_3') {
    const text = `configuring CipherSuites is only applicable to connections negotiated with TLS 1.2 or earlier, TLSMinVersion is set to ${min}`;
    return { field: 'suites', text };
  }
  const unknown = suites.filter((suite) => !CIPHER_SUITES.has(suite));
  if (unknown.length === 0) return undefined;
  return { field: 'suites', text: `no matching Envoy TLS cipher suite found for ${unknown.join(',')}` };
}
