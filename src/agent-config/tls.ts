import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import type { AgentSettings, TlsSettings } from './settings.ts';

type RawListener = NonNullable<NonNullable<RawConfig['tls']>['https']>;

/** Consul 1.8 to 1.11 wrote `tls12`, newer ones write `TLSv1_2`. */
const VERSIONS: Readonly<Record<string, TlsSettings['minVersion']>> = {
  tls10: 'TLSv1',
  tls11: 'TLSv1.1',
  tls12: 'TLSv1.2',
  tls13: 'TLSv1.3',
  TLS_AUTO: 'TLSv1.2',
  TLSv1_0: 'TLSv1',
  TLSv1_1: 'TLSv1.1',
  TLSv1_2: 'TLSv1.2',
  TLSv1_3: 'TLSv1.3',
};

/** `tls { defaults https grpc internal_rpc }`, and the flat keys of before 1.12, which are defaults too. */
export function tlsOf(config: RawConfig, findings: Findings): AgentSettings['tls'] {
  const flat: RawListener = pick({
    ca_file: config.ca_file,
    ca_path: config.ca_path,
    cert_file: config.cert_file,
    key_file: config.key_file,
    tls_min_version: config.tls_min_version,
    tls_cipher_suites: config.tls_cipher_suites,
    verify_incoming: config.verify_incoming,
    verify_outgoing: config.verify_outgoing,
  });
  const { defaults = {}, https = {}, grpc = {}, internal_rpc: rpc = {} } = config.tls ?? {};
  const judge = (path: string, own: RawListener, old: RawListener = {}): TlsSettings =>
    settingsOf({ ...flat, ...pick(old), ...defaults, ...own }, path, findings);
  return {
    https: judge('https', https, { verify_incoming: Boolean(config.verify_incoming_https || config.verify_incoming) }),
    grpc: judge('grpc', grpc),
    internalRpc: judge('internal_rpc', rpc, { verify_incoming: Boolean(config.verify_incoming_rpc || config.verify_incoming) }),
  };
}

function settingsOf(raw: RawListener, name: string, findings: Findings): TlsSettings {
  const { tls_min_version: version, verify_incoming: verifyIncoming = false, verify_outgoing: verifyOutgoing = false } = raw;
  const path = `tls.${name}.tls_min_version`;
  const known = version ? VERSIONS[version] : 'TLSv1.2';
  if (known === undefined) findings.refuse(path, `TLSMinVersion: value ${version} not supported`, 'one of: TLSv1_2, TLSv1_3');
  const hasCa = Boolean(raw.ca_file || raw.ca_path);
  if (verifyIncoming && !hasCa) findings.refuse(`tls.${name}.verify_incoming`, 'VerifyIncoming set but no CA certificates were provided');
  if (Boolean(raw.cert_file) !== Boolean(raw.key_file))
    findings.refuse(`tls.${name}.cert_file`, `Failed to load cert/key pair: ${raw.cert_file ? 'key_file' : 'cert_file'} is missing`);
  return {
    ...(raw.ca_file ? { caFile: raw.ca_file } : {}),
    ...(raw.ca_path ? { caPath: raw.ca_path } : {}),
    ...(raw.cert_file ? { certFile: raw.cert_file } : {}),
    ...(raw.key_file ? { keyFile: raw.key_file } : {}),
    ...(raw.tls_cipher_suites ? { cipherSuites: raw.tls_cipher_suites } : {}),
    minVersion: known ?? 'TLSv1.2',
    verifyIncoming,
    verifyOutgoing,
  };
}

function pick<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
