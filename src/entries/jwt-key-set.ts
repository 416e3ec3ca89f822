import { bool, type Decoded, int, nanoseconds, object, optional, string } from '../schema/schema.ts';
import { caution, type Problem } from './problem.ts';

const backOff = object({
  BaseInterval: optional(nanoseconds(), 'Time before the second try; 1s by default.'),
  MaxInterval: optional(nanoseconds(), 'The longest time between two tries.'),
});

const tlsCertificates = object({
  CaCertificateProviderInstance: optional(
    object({
      InstanceName: optional(string(), 'The provider; "default" by default.'),
      CertificateName: optional(string(), 'Which of its certificates.'),
    }),
    'A provider of certificates that proxies know.',
  ),
  TrustedCA: optional(
    object({
      Filename: optional(string(), 'A file, PEM.'),
      EnvironmentVariable: optional(string(), 'A variable of the environment.'),
      InlineString: optional(string(), 'The certificate itself, PEM.'),
      InlineBytes: optional(string(), 'The certificate itself, base64.'),
    }),
    'The authority that the certificate of the server must come from.',
  ),
});

export const jsonWebKeySet = object({
  Local: optional(
    object({
      JWKS: optional(string(), 'The key set, base64.'),
      Filename: optional(string(), 'A file with the key set, where the sidecar runs.'),
    }),
    'Keys that are known.',
  ),
  Remote: optional(
    object({
      URI: optional(string(), 'Where the key set is fetched.'),
      RequestTimeoutMs: optional(int(), 'How long a fetch may take, in milliseconds.'),
      CacheDuration: optional(nanoseconds(), 'How long fetched keys are good; 10 minutes by default.'),
      FetchAsynchronously: optional(bool(), 'Fetch before the first request comes, without waiting for it.'),
      UseSNI: optional(bool(), 'Name the host of the URI in the TLS handshake.'),
      RetryPolicy: optional(
        object({
          NumRetries: optional(int(), 'How often to try again.'),
          RetryPolicyBackOff: optional(backOff, 'How long to wait in between.'),
        }),
        'What happens when a fetch fails.',
      ),
      JWKSCluster: optional(
        object({
          DiscoveryType: optional(string(), 'How Envoy finds the server; STRICT_DNS by default.'),
          TLSCertificates: optional(tlsCertificates, 'Whom to trust.'),
          ConnectTimeout: optional(nanoseconds(), 'Time to connect; 5s by default.'),
        }),
        'How the server is reached.',
      ),
    }),
    'Keys that are fetched.',
  ),
});

type KeySet = Decoded<typeof jsonWebKeySet>;
const TLS_CERTIFICATES = 'JSONWebKeySet.Remote.JWKSCluster.TLSCertificates';
type Wrong = readonly [path: string, text: string];

const DISCOVERY_TYPES = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'];

/** The first thing wrong with a key set, in Consul's words; undefined when nothing is. */
export function keySetProblem(keys: KeySet | undefined): Wrong | undefined {
  const path = 'JSONWebKeySet';
  if (!keys) return [path, 'JSONWebKeySet is required'];
  if (Boolean(keys.Local) === Boolean(keys.Remote)) return [path, 'must specify exactly one of Local or Remote JSON Web key set'];
  if (keys.Remote) return remoteProblem(keys.Remote);
  const { JWKS: text = '', Filename: file = '' } = keys.Local!;
  if ((text === '') === (file === '')) return [`${path}.Local`, 'must specify exactly one of String or filename for local keyset'];
  return text === '' || isBase64(text) ? undefined : [`${path}.Local.JWKS`, 'JWKS must be valid base64 encoded string'];
}

function remoteProblem(remote: NonNullable<KeySet['Remote']>): Wrong | undefined {
  const path = 'JSONWebKeySet.Remote';
  const { URI: uri = '', RetryPolicy: retry, JWKSCluster: cluster } = remote;
  if (uri === '') return [path, 'Remote JWKS URI is required'];
  // Go's ParseRequestURI: an absolute URI or an absolute path.
  if (!uri.startsWith('/') && !/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s]*$/.test(uri)) {
    return [`${path}.URI`, `Remote JWKS URI is invalid: parse ${JSON.stringify(uri)}: invalid URI for request, uri: ${uri}`];
  }
  const { BaseInterval: base = 0, MaxInterval: max = 0 } = retry?.RetryPolicyBackOff ?? {};
  if (max !== 0 && base > max) {
    return [`${path}.RetryPolicy.RetryPolicyBackOff`, "retry policy backoff's MaxInterval should be greater or equal to BaseInterval"];
  }
  const type = cluster?.DiscoveryType ?? '';
  if (type !== '' && !DISCOVERY_TYPES.includes(type)) {
    return [`${path}.JWKSCluster.DiscoveryType`, `unsupported jwks cluster discovery type: ${JSON.stringify(type)}`];
  }
  return cluster?.TLSCertificates ? trustProblem(cluster.TLSCertificates) : undefined;
}

function trustProblem({ CaCertificateProviderInstance: provider, TrustedCA: ca }: Decoded<typeof tlsCertificates>): Wrong | undefined {
  const path = TLS_CERTIFICATES;
  const one = 'must specify exactly one of:';
  if (Boolean(provider) === Boolean(ca)) return [path, `${one} CaCertificateProviderInstance or TrustedCA for JKWS' TLSCertificates`];
  if (!ca || Object.values(ca).filter(Boolean).length === 1) return undefined;
  return [`${path}.TrustedCA`, `${one} Filename, EnvironmentVariable, InlineString or InlineBytes for JWKS' TrustedCA`];
}

/** What Envoy can look up, and sidecars here can't: without it they fetch nothing. */
export function cautionTrust(keys: KeySet | undefined): Problem[] {
  const given = keys?.Remote?.JWKSCluster?.TLSCertificates;
  const field = given?.CaCertificateProviderInstance ? 'CaCertificateProviderInstance' : 'TrustedCA.EnvironmentVariable';
  if (!given?.CaCertificateProviderInstance && !given?.TrustedCA?.EnvironmentVariable) return [];
  const hint = 'give the certificate in TrustedCA.InlineString, or its file in TrustedCA.Filename';
  return [
    caution(`${TLS_CERTIFICATES}.${field}`, `sidecars have no ${field}: they can't fetch this key set, and refuse its tokens`, { hint }),
  ];
}

/** Padded, as Go's StdEncoding wants it; line breaks are left out. */
function isBase64(text: string): boolean {
  const bare = text.replace(/[\r\n]/g, '');
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
}
