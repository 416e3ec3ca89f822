import type { Result } from '../../base/result.ts';
import { gatewayServices } from '../../catalog/gateways.ts';
import { entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node } from '../../catalog/types.ts';
import type { IngressGateway, IngressListener } from '../../entries/gateways/ingress-gateway.ts';
import type { IngressService } from '../../entries/gateways/ingress-service.ts';
import { ingressWantsSds, wantsSds } from '../../entries/gateways/unserved.ts';
import { serviceIdentity } from '../../pki/spiffe.ts';
import { compileChain } from '../chain.ts';
import type { Chain, GraphError } from '../chain-model.ts';
import type { OutboundOptions } from '../outbound.ts';
import { isHttpLike, listenerProtocol, serviceProtocol } from '../protocol.ts';
import type { Cluster, ListenerTls, OutboundListener, VirtualHost } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { editsOf } from '../routes.ts';
import type { Traffic } from '../traffic.ts';
import { gatewayBinds } from './binds.ts';
import type { GatewayPart } from './gateway.ts';
import { headLimit } from './head-limit.ts';
import { withEdits } from './header-edits.ts';
import { serviceTraffic, settingsOf } from './service-traffic.ts';
import { listenerTls } from './tls.ts';

/** One listener of an ingress gateway is one of its outbound listeners: calls from outside go the way of a sidecar's application. */
export function ingressListeners(
  s: Snapshot,
  dc: string,
  node: Node,
  gateway: Gateway,
  options: OutboundOptions,
): Result<GatewayPart, GraphError> {
  const found = entry(s, dc, 'ingress-gateway', gateway.Service).value as IngressGateway | undefined;
  if (!found) return { ok: true, value: { outbound: [], clusters: [] } };
  const outbound: OutboundListener[] = [];
  const clusters: Cluster[] = [];
  const named: Served[] = [];
  for (const listener of found.Listeners ?? []) {
    // Better not at all than without the TLS that it should have.
    if (wantsSds(found.TLS) || ingressWantsSds(listener)) continue;
    const { Port: port, Protocol: protocol } = listener;
    const built = servedBy(s, dc, gateway, found, listener, options.trustDomain);
    if (!built.ok) return built;
    const served = built.value;
    clusters.push(...served.flatMap(({ traffic }) => traffic.clusters));
    const tls = tlsOf(found, listener, serviceIdentity(options.trustDomain, dc, gateway.Service));
    if (tls) named.push(...served);
    const hosts = isHttpLike(protocol);
    outbound.push({
      name: `${protocol}:${port}`,
      binds: gatewayBinds(gateway, node, port),
      protocol: listenerProtocol(protocol),
      routes: hosts ? [] : served.flatMap(({ traffic }) => traffic.routes),
      ...(hosts ? { virtualHosts: served.map(virtualHost) } : {}),
      ...(tls ? { tls } : {}),
      ...(hosts ? headLimit(s, dc, gateway) : {}),
    });
  }
  const dnsNames = named.length === 0 ? {} : { dnsNames: namesOf(dc, named) };
  return { ok: true, value: { outbound, clusters, ...dnsNames } };
}

/** A service behind a listener. */
interface Linked {
  readonly name: string;
  readonly fromWildcard: boolean;
  readonly definition: IngressService;
}

type Served = Linked & { readonly traffic: Traffic };

function servedBy(
  s: Snapshot,
  dc: string,
  gateway: Gateway,
  { Defaults }: IngressGateway,
  listener: IngressListener,
  trustDomain: string,
): Result<Served[], GraphError> {
  const services = ingressServices(s, dc, gateway.Service, listener, trustDomain);
  if (!services.ok) return services;
  const served = services.value.map((linked) => {
    const settings = settingsOf(s, dc, gateway, [Defaults, linked.definition], `ingress-gateway ${gateway.Service}`);
    return { ...linked, traffic: serviceTraffic(s, dc, linked.chain, trustDomain, settings) };
  });
  return { ok: true, value: served };
}

/** What is behind a listener, with its discovery chains: of a listener of requests each is one virtual host, in this order. */
export function ingressServices(
  s: Snapshot,
  dc: string,
  gateway: string,
  listener: IngressListener,
  trustDomain: string,
): Result<(Linked & { readonly chain: Chain })[], GraphError> {
  const services: (Linked & { readonly chain: Chain })[] = [];
  for (const linked of servicesOf(s, dc, gateway, listener)) {
    const compiled = compileChain(s, { dc, service: linked.name, trustDomain, overrides: { protocol: listener.Protocol } });
    if (compiled.ok) services.push({ ...linked, chain: compiled.value });
    // A service that nobody named must not keep the others out.
    else if (!linked.fromWildcard) return compiled;
  }
  return { ok: true, value: services };
}

/** Consul: the wildcard stands for all services that speak what the listener speaks; one that is named counts, not the wildcard. */
function servicesOf(s: Snapshot, dc: string, gateway: string, { Port, Protocol, Services = [] }: IngressListener): Linked[] {
  const wildcard = Services.find(({ Name }) => Name === '*');
  const named = new Map(Services.map((definition) => [definition.Name.toLowerCase(), definition]));
  if (!wildcard) return Services.map((definition) => ({ name: definition.Name, fromWildcard: false, definition }));
  return gatewayServices(s, dc, gateway)
    .value.filter(({ kind, port }) => kind === 'ingress-gateway' && port === Port)
    .map(({ service, fromWildcard }) => ({ name: service, fromWildcard, definition: named.get(service.toLowerCase()) ?? wildcard }))
    .filter(({ name, fromWildcard }) => !fromWildcard || serviceProtocol(s, dc, name) === Protocol);
}

function virtualHost({ name, definition, traffic }: Served): VirtualHost {
  const hosts = definition.Hosts ?? [];
  const domains = hosts.length > 0 ? hosts : [`${name}.ingress.*`];
  const edits = editsOf(definition);
  return { domains: domains.map((domain) => domain.toLowerCase()), routes: traffic.routes.map((route) => withEdits(edits, route)) };
}

/** Consul: what the gateway says holds for a listener that says nothing else, and TLS for all of them cannot be switched off for one. */
function tlsOf({ TLS: all }: IngressGateway, { TLS: own }: IngressListener, identity: string): ListenerTls | undefined {
  if (!all.Enabled && !own?.Enabled) return undefined;
  return listenerTls([{ secret: identity }], {
    TLSMinVersion: own?.TLSMinVersion || all.TLSMinVersion,
    TLSMaxVersion: own?.TLSMaxVersion || all.TLSMaxVersion,
    CipherSuites: own?.CipherSuites ?? all.CipherSuites,
  });
}

/** Consul: names of services in DNS, and the hosts that they have been given. */
function namesOf(dc: string, served: readonly Served[]): string[] {
  const hosts = served.flatMap(({ definition }) => definition.Hosts ?? []);
  return [...new Set(['*.ingress.consul', `*.ingress.${dc}.consul`, ...hosts.map((host) => host.toLowerCase())])];
}
