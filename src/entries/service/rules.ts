import { GATEWAY_KINDS, isGatewayKind } from '../../base/gateway-kind.ts';
import { checkError } from './check.ts';
import type { RawService, RawSidecar, RawUpstream } from './schema.ts';

/** A broken rule: the text is Consul's, where Consul has the rule; `path` starts at the service. */
export interface Breach {
  readonly path: string;
  readonly text: string;
}

/** What an agent refuses a registration for, all of it. */
export function breaches(service: RawService): Breach[] {
  const found: Breach[] = [];
  const add = (path: string, text: string | undefined): unknown => text !== undefined && found.push({ path, text });
  if (!service.name) add('name', 'Missing service name');
  add('port', portError(service.port));
  for (const breach of metaBreaches(service.meta ?? {})) found.push(breach);
  if (service.check) add('check', checkError(service.check));
  service.checks?.forEach((check, i) => {
    add(`checks[${i}]`, checkError(check));
  });
  const sidecar = service.connect?.sidecar_service as RawSidecar | undefined;
  for (const breach of kindBreaches(service)) found.push(breach);
  add('connect.sidecar_service.port', portError(sidecar?.port));
  sidecar?.proxy?.upstreams?.forEach((upstream, i) => {
    add(`connect.sidecar_service.proxy.upstreams[${i}]`, upstreamError(upstream));
  });
  return found;
}

function kindBreaches({ kind = '', port = 0, connect, proxy }: RawService): Breach[] {
  if (kind === '')
    return proxy ? [{ path: 'proxy', text: 'a service without a kind has its proxy in connect { sidecar_service { } }' }] : [];
  if (kind === 'mesh-gateway') return [{ path: 'kind', text: 'mesh gateways are not needed: sidecars reach every datacenter directly' }];
  if (!isGatewayKind(kind)) {
    const detail = `expected one of: ${GATEWAY_KINDS.join(', ')}`;
    return [{ path: 'kind', text: `"kind" ${JSON.stringify(kind)} is not supported by this version of mesh: ${detail}` }];
  }
  const found: Breach[] = [];
  if (port === 0 && kind === 'terminating-gateway') found.push({ path: 'port', text: `Port must be non-zero for a ${kind}` });
  if (connect?.sidecar_service) found.push({ path: 'connect', text: `A ${kind} cannot have a sidecar service defined` });
  return found;
}

function portError(port = 0): string | undefined {
  return port < 0 || port > 65535 ? `invalid port ${port}: expected 0 to 65535` : undefined;
}

const MAX_META = 64;
const MAX_META_KEY = 128;
const MAX_META_VALUE = 512;

function metaBreaches(meta: Readonly<Record<string, string>>): Breach[] {
  const pairs = Object.entries(meta);
  if (pairs.length > MAX_META) {
    return [{ path: 'meta', text: `Invalid Service Meta: Node metadata cannot contain more than ${MAX_META} key/value pairs` }];
  }
  return pairs.flatMap(([key, value]) => {
    const why = metaError(key, value);
    const text = `Invalid Service Meta: Couldn't load metadata pair ('${key}', '${value}'): ${why}`;
    return why === undefined ? [] : [{ path: `meta[${key}]`, text }];
  });
}

function metaError(key: string, value: string): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[a-zA-Z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (key.length > MAX_META_KEY) return `Key is too long (limit: ${MAX_META_KEY} characters)`;
  if (key.startsWith('consul-')) return "Key prefix 'consul-' is reserved for internal use";
  return Buffer.byteLength(value) > MAX_META_VALUE ? `Value is too long (limit: ${MAX_META_VALUE} characters)` : undefined;
}

function upstreamError(upstream: RawUpstream): string | undefined {
  const type = upstream.destination_type || 'service';
  if (type !== 'service' && type !== 'prepared_query') return `unknown upstream destination type: ${JSON.stringify(type)}`;
  if (!upstream.destination_name) return 'upstream destination name cannot be empty';
  if (upstream.destination_name === '*') return 'upstream destination name cannot be a wildcard';
  if (!upstream.local_bind_port) return 'upstream local bind port or local socket path must be defined and nonzero';
  return portError(upstream.local_bind_port);
}
