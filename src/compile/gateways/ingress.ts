import type { Result } from '../../base/result.ts';
import { gatewayServices } from '../../catalog/gateways.ts';
import { entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node } from '../../catalog/types.ts';
import type { IngressGateway, IngressListener } from '../../entries/gateways/ingress-gateway.ts';
import type { IngressService } from '../../entries/gateways/ingress-service.ts';
import { serviceIdentity } from '../../pki/spiffe.ts';
import { compileChain } from '../chain.ts';
import type { Chain, GraphError } from '../chain-model.ts';
import { clusterName, clustersOf } from '../clusters.ts';
import type { OutboundOptions } from '../outbound.ts';
import { isHttpLike, listenerProtocol, serviceProtocol } from '../protocol.ts';
import type { Cluster, ListenerTls, OutboundListener, VirtualHost } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { editsOf, routesOf } from '../routes.ts';
import { gatewayBinds } from './binds.ts';
import type { GatewayPart } from './gateway.ts';
import { withEdits } from './header-edits.ts';
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
  const outbound: OutboundListener[] = [];
  const clusters: Cluster[] = [];
  const named: Served[] = [];
  for (const listener of found?.Listeners ?? []) {
    const { Port: port, Protocol: protocol } = listener;
    const served: Served[] = [];
    for (const service of servicesOf(s, dc, gateway.Service, listener)) {
      const overrides = { protocol };
      const compiled = compileChain(s, { dc, service: service.name, trustDomain: options.trustDomain, overrides });
      if (compiled.ok) served.push({ ...service, chain: compiled.value });
      // A service that nobody named must not keep the others out.
      else if (!service.fromWildcard) return compiled;
    }
    clusters.push(...served.flatMap(({ chain }) => clustersOf(s, chain, options.trustDomain)));
    const tls = tlsOf(found!, listener, serviceIdentity(options.trustDomain, dc, gateway.Service));
    if (tls) named.push(...served);
    const hosts = isHttpLike(protocol) ? { virtualHosts: served.map(virtualHost) } : {};
    outbound.push({
      name: `${protocol}:${port}`,
      binds: gatewayBinds(gateway, node, port),
      protocol: listenerProtocol(protocol),
      routes: isHttpLike(protocol) ? [] : served.flatMap(routes),
      ...hosts,
      ...(tls ? { tls } : {}),
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

type Served = Linked & { readonly chain: Chain };

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

const routes = ({ chain }: Served): OutboundListener['routes'] => routesOf(chain, (target) => clusterName(chain, target));

function virtualHost(served: Served): VirtualHost {
  const { name, definition } = served;
  const hosts = definition.Hosts ?? [];
  const domains = hosts.length > 0 ? hosts : [`${name}.ingress.*`];
  return {
    domains: domains.map((domain) => domain.toLowerCase()),
    routes: routes(served).map((route) => withEdits(editsOf(definition), route)),
  };
}

/** Consul: what the gateway says holds for a listener that says nothing else, and TLS for all of them cannot be switched off for one. */
function tlsOf({ TLS: all }: IngressGateway, { TLS: own }: IngressListener, identity: string): ListenerTls | undefined {
  if (!all.Enabled && !own?.Enabled) return undefined;
  return listenerTls([{ secret: identity }], {
    minVersion: own?.TLSMinVersion || all.TLSMinVersion,
    maxVersion: own?.TLSMaxVersion || all.TLSMaxVersion,
    cipherSuites: own?.CipherSuites ?? all.CipherSuites,
  });
}

/** Consul: names of services in DNS, and the hosts that they have been given. */
function namesOf(dc: string, served: readonly Served[]): string[] {
  const hosts = served.flatMap(({ definition }) => definition.Hosts ?? []);
  return [...new Set(['*.ingress.consul', `*.ingress.${dc}.consul`, ...hosts.map((host) => host.toLowerCase())])];
}
