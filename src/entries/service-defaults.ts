import { type Decoded, int, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { validateExtensions } from './extensions/extensions.ts';
import { envoyExtensions, expose, meshGateway, pointer, transparentProxy, upstreamConfig } from './fields.ts';
import { isHostOrIp } from './hostname.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { cautionGatewayMode, cautionProtocol } from './mistyped.ts';
import { type Problem, problem } from './problem.ts';
import { validateRateLimits } from './rate-limits.ts';
import { cautionTrafficMeta, readTrafficMeta } from './traffic-meta.ts';
import { validateUpstreamDefaults, validateUpstreamOverride } from './upstream-config.ts';

const rate = {
  RequestsPerSecond: optional(int(), 'Requests per second.'),
  RequestsMaxBurst: optional(int(), 'Requests at once.'),
};

const schema = object({
  Protocol: withDefault(string(), '', 'tcp, http, http2 or grpc; empty means tcp.'),
  Mode: optional(string(), 'Proxy mode: direct or transparent.'),
  TransparentProxy: optional(transparentProxy, 'Settings of the transparent mode.'),
  MutualTLSMode: optional(string(), 'strict or permissive.'),
  MeshGateway: withDefault(meshGateway, {}, 'How the service is reached from other datacenters.'),
  Expose: withDefault(expose, {}, 'Paths that are served in plaintext.'),
  ExternalSNI: optional(string(), 'SNI of an external system that this service stands for.'),
  UpstreamConfig: optional(
    object({
      Overrides: optional(list(upstreamConfig), 'Settings of single upstreams.'),
      Defaults: optional(upstreamConfig, 'Settings of all upstreams.'),
    }),
    'Settings of the upstreams of this service.',
  ),
  Destination: optional(
    object({
      Addresses: optional(list(string()), 'Addresses of an external system.'),
      Port: optional(int(), 'Its port.'),
    }),
    'An external system behind a terminating gateway.',
  ),
  MaxInboundConnections: optional(int(), 'Connections that the sidecar takes at the same time.'),
  LocalConnectTimeoutMs: optional(int(), 'Time to connect to the application, in milliseconds; 5000 by default.'),
  LocalRequestTimeoutMs: optional(int(), 'Time for a whole request, in milliseconds.'),
  BalanceInboundConnections: optional(string(), 'exact_balance spreads connections over the threads of Envoy.'),
  RateLimits: optional(
    object({
      InstanceLevel: optional(
        object({
          ...rate,
          Routes: optional(
            list(
              object({
                PathExact: optional(string(), 'The whole path.'),
                PathPrefix: optional(string(), 'The beginning of the path.'),
                PathRegex: optional(string(), 'An expression for the path.'),
                ...rate,
              }),
            ),
            'Limits of single routes.',
          ),
        }),
        'Limits of one instance.',
      ),
    }),
    'Limits of requests per second.',
  ),
  EnvoyExtensions: optional(envoyExtensions, 'Extensions of Envoy.'),
  MaxRequestHeadersKB: pointer(int(), 'Largest headers of a request, in KiB.'),
});

export type ServiceDefaults = EntryBase & Decoded<typeof schema>;

export const serviceDefaults: EntryKind<ServiceDefaults> = {
  kind: 'service-defaults',
  schema,
  normalize: (entry) => canonicalEntry({ ...entry, Protocol: (entry.Protocol ?? '').toLowerCase() }, schema),
  validate,
  references: (entry) => {
    const { mirror } = readTrafficMeta(entry.Meta);
    return [{ service: entry.Name }, ...(mirror ? [{ service: mirror.service }] : [])];
  },
  warnings: (entry) =>
    entry.MutualTLSMode === 'permissive'
      ? ['MutualTLSMode=permissive is insecure. Set to `strict` when your service no longer needs to accept non-mTLS traffic.']
      : [],
};

function validate(entry: ServiceDefaults): Problem[] {
  if (entry.Name === '') return [problem('alone', 'Name', 'Name is required')];
  if (entry.Name === '*') {
    return [problem('alone', 'Name', 'service-defaults name must be the name of a service, and not a wildcard')];
  }
  const found = [...validateMeta(entry), ...cautionTrafficMeta(entry.Meta)];
  found.push(...cautionProtocol('Protocol', entry.Protocol), ...cautionGatewayMode('MeshGateway.Mode', entry.MeshGateway.Mode));
  const balance = entry.BalanceInboundConnections ?? '';
  if (balance !== '' && balance !== 'exact_balance') {
    found.push(problem('listed', 'BalanceInboundConnections', `invalid value for balance_inbound_connections: ${balance}`));
  }
  const tls = entry.MutualTLSMode ?? '';
  if (!['', 'strict', 'permissive'].includes(tls)) {
    const text = `Invalid MutualTLSMode ${JSON.stringify(tls)}. Must be one of "", "strict", or "permissive".`;
    found.push(problem('listed', 'MutualTLSMode', text));
  }
  if (entry.UpstreamConfig && entry.Destination) {
    found.push(problem('listed', 'Destination', 'UpstreamConfig and Destination are mutually exclusive for service defaults'));
  }
  entry.UpstreamConfig?.Overrides?.forEach((override, i) => {
    found.push(...validateUpstreamOverride(override, `UpstreamConfig.Overrides[${i}]`));
  });
  if (entry.UpstreamConfig?.Defaults) found.push(...validateUpstreamDefaults(entry.UpstreamConfig.Defaults, 'UpstreamConfig.Defaults'));
  if (entry.Destination) found.push(...validateDestination(entry.Destination));
  found.push(...validateRateLimits(entry.RateLimits), ...validateExtensions(entry.EnvoyExtensions));
  return found;
}

function validateDestination(destination: NonNullable<ServiceDefaults['Destination']>): Problem[] {
  const found: Problem[] = [];
  const addresses = destination.Addresses ?? [];
  if (addresses.length === 0) {
    found.push(problem('listed', 'Destination.Addresses', 'Destination must contain at least one valid address'));
  }
  const seen = new Set<string>();
  addresses.forEach((address, i) => {
    const path = `Destination.Addresses[${i}]`;
    if (seen.has(address)) found.push(problem('listed', path, `Duplicate address '${address}' is not allowed`));
    seen.add(address);
    if (!isHostOrIp(address)) {
      const why = `Could not validate address ${address} as an IP or Hostname`;
      found.push(problem('listed', path, `Destination address '${address}' is invalid ${why}`));
    }
  });
  const port = destination.Port ?? 0;
  if (port < 1 || port > 65535) found.push(problem('listed', 'Destination.Port', `Invalid Port number ${port}`));
  return found;
}
