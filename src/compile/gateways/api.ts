import type { Result } from '../../base/result.ts';
import { entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node, StoredEntry } from '../../catalog/types.ts';
import type { ApiGateway, ApiListener } from '../../entries/gateways/api-gateway.ts';
import type { BoundApiGateway } from '../../entries/gateways/bound-api-gateway.ts';
import type { HttpRoute, HttpRouteRule } from '../../entries/gateways/http-route.ts';
import type { TcpRoute } from '../../entries/gateways/tcp-route.ts';
import { wantsSds } from '../../entries/gateways/unserved.ts';
import type { GraphError } from '../chain-model.ts';
import { providersOf, tokenRequirement } from '../jwt.ts';
import type { OutboundOptions } from '../outbound.ts';
import type { ListenerTls, OutboundListener, TokenRequirement } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { RouteTargets } from './api-targets.ts';
import type { Route } from './bind.ts';
import { gatewayBinds } from './binds.ts';
import { certificateSource } from './certificates.ts';
import type { GatewayPart } from './gateway.ts';
import { headLimit } from './head-limit.ts';
import { httpVirtualHosts } from './http-routes.ts';
import { listenerTls } from './tls.ts';

/** What an API gateway serves: listeners whose certificates are there, with the routes that have been bound to them. */
export function apiListeners(
  s: Snapshot,
  dc: string,
  node: Node,
  gateway: Gateway,
  options: OutboundOptions,
): Result<GatewayPart, GraphError> {
  const found = entry(s, dc, 'api-gateway', gateway.Service).value as ApiGateway | undefined;
  const targets = new RouteTargets(s, dc, gateway, options.trustDomain);
  const outbound: OutboundListener[] = [];
  for (const { group, routes } of boundListeners(s, dc, gateway)) {
    const tls = [found?.TLS, ...group.map(({ TLS }) => TLS)].some(wantsSds) ? 'missing' : tlsOf(s, dc, group);
    if (tls === 'missing') continue;
    const tokens = tokensOfRules(group, (listener) => boundRoutes(s, dc, gateway, listener.Name));
    const jwtProviders = providersOf(s, dc, [...tokens.values()]);
    const built =
      group[0]!.Protocol === 'http' ? httpListener(group, routes, targets, { tokens, jwtProviders }) : tcpListener(routes, targets);
    if (!built.ok) return built;
    if (!built.value) continue;
    const { Port: port, Protocol: protocol } = group[0]!;
    const binds = gatewayBinds(gateway, node, port);
    const ownKb = group.find(({ MaxRequestHeadersKB }) => MaxRequestHeadersKB)?.MaxRequestHeadersKB;
    const limit = protocol === 'http' ? headLimit(s, dc, gateway, ownKb) : {};
    outbound.push({ name: `${protocol}:${port}`, binds, ...built.value, ...(tls ? { tls } : {}), ...limit });
  }
  return { ok: true, value: { outbound, clusters: targets.clusters } };
}

export interface BoundListeners {
  /** Of one port: they are one listener, and have the same host and protocol. */
  readonly group: readonly ApiListener[];
  readonly routes: readonly (Route & StoredEntry)[];
}

/** The listeners of an API gateway with what has been bound to them. */
export function boundListeners(s: Snapshot, dc: string, gateway: Gateway): BoundListeners[] {
  const found = entry(s, dc, 'api-gateway', gateway.Service).value as ApiGateway | undefined;
  return byPort(found?.Listeners ?? []).map((group) => ({ group, routes: group.flatMap(({ Name }) => boundRoutes(s, dc, gateway, Name)) }));
}

function byPort(listeners: readonly ApiListener[]): ApiListener[][] {
  const groups = new Map<number, ApiListener[]>();
  for (const listener of listeners) groups.set(listener.Port, [...(groups.get(listener.Port) ?? []), listener]);
  return [...groups.values()];
}

/** `missing`: a certificate that it names is nowhere, and without TLS it must not be served. */
function tlsOf(s: Snapshot, dc: string, group: readonly ApiListener[]): ListenerTls | 'missing' | undefined {
  const references = group.flatMap(({ TLS }) => TLS.Certificates ?? []);
  if (references.length === 0) return undefined;
  const sources = references.map((reference) => certificateSource(s, dc, reference)).filter((source) => source !== undefined);
  if (sources.length < references.length) return 'missing';
  const { MinVersion, MaxVersion, CipherSuites } = group.find(({ TLS }) => (TLS.Certificates ?? []).length > 0)!.TLS;
  return listenerTls(sources, { TLSMinVersion: MinVersion, TLSMaxVersion: MaxVersion, CipherSuites });
}

function boundRoutes(s: Snapshot, dc: string, gateway: Gateway, listener: string): (Route & StoredEntry)[] {
  const bound = entry(s, dc, 'bound-api-gateway', gateway.Service).value as BoundApiGateway | undefined;
  const references = bound?.Listeners?.find(({ Name }) => Name === listener)?.Routes ?? [];
  return references.flatMap(({ Kind, Name }) => {
    const route = entry(s, dc, Kind, Name).value as (Route & StoredEntry) | undefined;
    return route ? [route] : [];
  });
}

/** Consul Enterprise: a listener may say what all its routes ask for, and what those ask for that say nothing. */
function tokensOfRules(
  group: readonly ApiListener[],
  routesOf: (listener: ApiListener) => readonly Route[],
): ReadonlyMap<HttpRouteRule, TokenRequirement> {
  const found = new Map<HttpRouteRule, TokenRequirement>();
  for (const listener of group) {
    for (const rule of routesOf(listener).flatMap((route) => (route as HttpRoute).Rules ?? [])) {
      const { tokens } = tokenRequirement(listener.Override?.JWT ?? rule.Filters.JWT ?? listener.Default?.JWT);
      if (tokens) found.set(rule, tokens);
    }
  }
  return found;
}

interface AskedTokens extends Required<Pick<OutboundListener, 'jwtProviders'>> {
  readonly tokens: ReadonlyMap<HttpRouteRule, TokenRequirement>;
}

type Built = Result<Pick<OutboundListener, 'protocol' | 'routes' | 'virtualHosts' | 'jwtProviders'> | undefined, GraphError>;

function httpListener(
  group: readonly ApiListener[],
  routes: readonly (Route & StoredEntry)[],
  targets: RouteTargets,
  { tokens, jwtProviders }: AskedTokens,
): Built {
  const hosts = httpVirtualHosts(group[0]!.Hostname, routes as readonly (HttpRoute & StoredEntry)[], targets, tokens);
  if (!hosts.ok) return hosts;
  const asked = jwtProviders.length > 0 ? { jwtProviders } : {};
  return { ok: true, value: { protocol: 'http', routes: [], virtualHosts: hosts.value, ...asked } };
}

/** Consul: a listener of bytes has one route, or a conflict. */
function tcpListener(routes: readonly Route[], targets: RouteTargets): Built {
  const [route, ...others] = routes as readonly TcpRoute[];
  const [service] = route?.Services ?? [];
  if (!service || others.length > 0) return { ok: true, value: undefined };
  const target = targets.of(service);
  return target.ok ? { ok: true, value: { protocol: 'tcp', routes: [{ match: {}, splits: target.value.splits }] } } : target;
}
