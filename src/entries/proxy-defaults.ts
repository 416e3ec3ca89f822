import { unknownOperators } from '../base/envoy-format.ts';
import { any, bool, type Decoded, list, map, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { validateExtensions } from './extensions/extensions.ts';
import { envoyExtensions, expose, meshGateway, nullable, transparentProxy } from './fields.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { cautionGatewayMode, cautionProtocol } from './mistyped.ts';
import { prioritizeByLocality, validatePrioritizeByLocality } from './prioritize-by-locality.ts';
import { caution, type Problem, problem } from './problem.ts';

/** The only name that an entry of this kind may have. */
export const PROXY_DEFAULTS_NAME = 'global';

const schema = object({
  Mode: optional(string(), 'Proxy mode: direct or transparent.'),
  TransparentProxy: optional(transparentProxy, 'Settings of the transparent mode.'),
  MutualTLSMode: optional(string(), 'strict or permissive.'),
  Config: nullable(map(any()), 'Opaque settings of all proxies: protocol, local_connect_timeout_ms, …'),
  MeshGateway: withDefault(meshGateway, {}, 'How services of other datacenters are reached.'),
  Expose: withDefault(expose, {}, 'Paths that are served in plaintext.'),
  AccessLogs: optional(
    object({
      Enabled: optional(bool(), 'Write access logs.'),
      DisableListenerLogs: optional(bool(), 'Leave out connections that no filter took.'),
      Type: optional(string(), 'file, stderr or stdout.'),
      Path: optional(string(), 'Where to, for type file.'),
      JSONFormat: optional(string(), 'Format of a line, as JSON.'),
      TextFormat: optional(string(), 'Format of a line, as text.'),
    }),
    'Access logs of all proxies.',
  ),
  EnvoyExtensions: optional(envoyExtensions, 'Extensions of Envoy.'),
  FailoverPolicy: optional(
    object({
      Mode: optional(string(), 'sequential or order-by-locality.'),
      Regions: optional(list(string()), 'Regions in order of preference.'),
    }),
    'How targets of a failover are chosen.',
  ),
  PrioritizeByLocality: prioritizeByLocality,
});

export type ProxyDefaults = EntryBase & Decoded<typeof schema>;

export const proxyDefaults: EntryKind<ProxyDefaults> = {
  kind: 'proxy-defaults',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate,
  references: () => [],
  warnings: (entry) =>
    entry.MutualTLSMode === 'permissive'
      ? ['MutualTLSMode=permissive is insecure. To keep your services secure, set MutualTLSMode to `strict` whenever possible.']
      : [],
};

function validate(entry: ProxyDefaults): Problem[] {
  const found: Problem[] = [];
  if (entry.Name !== PROXY_DEFAULTS_NAME) {
    found.push(problem('alone', 'Name', `invalid name (${JSON.stringify(entry.Name)}), only "${PROXY_DEFAULTS_NAME}" is supported`));
  }
  found.push(...validateMeta(entry));
  found.push(
    ...cautionProtocol('Config[protocol]', entry.Config?.['protocol']),
    ...cautionGatewayMode('MeshGateway.Mode', entry.MeshGateway.Mode),
  );
  found.push(...validateExtensions(entry.EnvoyExtensions));
  const tls = entry.MutualTLSMode ?? '';
  if (!['', 'strict', 'permissive'].includes(tls)) {
    const text = `Invalid MutualTLSMode ${JSON.stringify(tls)}. Must be one of "", "strict", or "permissive".`;
    found.push(problem('alone', 'MutualTLSMode', text));
  }
  const socketDir = entry.Config?.['envoy_hcp_metrics_bind_socket_dir'];
  if (typeof socketDir === 'string' && socketDir.length > MAX_SOCKET_DIR) {
    const text = `Config: envoy_hcp_metrics_bind_socket_dir length ${socketDir.length} exceeds max ${MAX_SOCKET_DIR}`;
    found.push(problem('alone', 'Config[envoy_hcp_metrics_bind_socket_dir]', text));
  }
  if ((entry.FailoverPolicy?.Mode ?? 'sequential') !== 'sequential' || entry.FailoverPolicy?.Regions) {
    found.push(problem('alone', 'FailoverPolicy', 'Setting failover policies requires Consul Enterprise'));
  }
  found.push(...validatePrioritizeByLocality(entry.PrioritizeByLocality));
  const logs = entry.AccessLogs ?? {};
  const alone = (field: string, text: string): unknown => found.push(problem('alone', `AccessLogs.${field}`, text));
  const type = logs.Type ?? '';
  if (!['', 'file', 'stderr', 'stdout'].includes(type)) alone('Type', `invalid access log type: ${type}`);
  if (type === 'file' && !logs.Path) alone('Type', 'path must be specified when using file type access logs');
  if (type !== 'file' && logs.Path) alone('Path', 'path is only valid for file type access logs');
  if (logs.JSONFormat && !isJson(logs.JSONFormat)) alone('JSONFormat', 'invalid access log json for JSON format: it is no JSON object');
  if (logs.JSONFormat && logs.TextFormat) alone('TextFormat', 'cannot specify both access log JSONFormat and TextFormat');
  for (const field of ['TextFormat', 'JSONFormat'] as const) {
    const unknown = unknownOperators(logs[field] ?? '');
    if (unknown.length === 0) continue;
    const text = `${unknown.join(' ')} is not known to sidecars: a line has - in its place`;
    found.push(caution(`AccessLogs.${field}`, text));
  }
  return found;
}

/** Longest path that leaves room for the name of a socket. */
const MAX_SOCKET_DIR = 70;

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
