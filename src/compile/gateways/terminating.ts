import { addressBytes } from '../../base/ip-address.ts';
import { type GatewayService, gatewayServices } from '../../catalog/gateways.ts';
import { entry, healthy, type Selection, serviceInstances } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node } from '../../catalog/types.ts';
import type { TerminatingGateway } from '../../entries/gateways/terminating-gateway.ts';
import type { ServiceResolver } from '../../entries/service-resolver.ts';
import { serviceIdentity } from '../../pki/spiffe.ts';
import { endpointOf } from '../clusters.ts';
import { policyOf } from '../inbound.ts';
import { listenerProtocol, serviceProtocol } from '../protocol.ts';
import { type Cluster, type ExternalSystem, isHttp2, type TerminatedService } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { DEFAULT_CONNECT_TIMEOUT_MS, sniOf } from '../resolve.ts';
import { meshTls } from '../tls-parameters.ts';
import { gatewayBinds } from './binds.ts';
import type { GatewayOptions, GatewayPart } from './gateway.ts';

/** Everything that a terminating gateway stands for: each service that it is linked to, and each subset of it. */
export function terminatingListener(s: Snapshot, dc: string, node: Node, gateway: Gateway, options: GatewayOptions): GatewayPart {
  const found = entry(s, dc, 'terminating-gateway', gateway.Service).value as TerminatingGateway | undefined;
  const services = gatewayServices(s, dc, gateway.Service).value.filter(({ kind }) => kind === gateway.Kind);
  const parts = services.flatMap((linked) => {
    const definition = found?.Services?.find(({ Name = '' }) => Name.toLowerCase() === linked.service.toLowerCase());
    return terminated(s, dc, linked, definition?.DisableAutoHostRewrite === true, options);
  });
  return {
    outbound: [],
    terminating: { binds: gatewayBinds(gateway, node), services: parts.map(({ service }) => service) },
    clusters: parts.map(({ cluster }) => cluster),
  };
}

interface Part {
  readonly service: TerminatedService;
  readonly cluster: Cluster;
}

function terminated(s: Snapshot, dc: string, linked: GatewayService, keepsHost: boolean, options: GatewayOptions): Part[] {
  const { service } = linked;
  const resolver = entry(s, dc, 'service-resolver', service).value as ServiceResolver | undefined;
  const subsets = Object.entries(resolver?.Subsets ?? {}).map(([name, { Filter = '', OnlyPassing = false }]) => {
    return { name, selection: { filter: Filter, onlyPassing: OnlyPassing } };
  });
  const connectTimeoutMs = resolver?.ConnectTimeout ? resolver.ConnectTimeout / 1e6 : DEFAULT_CONNECT_TIMEOUT_MS;
  const protocol = listenerProtocol(serviceProtocol(s, dc, service));
  const tls = meshTls(s, dc, 'Incoming');
  const common = {
    service,
    identity: serviceIdentity(options.trustDomain, dc, service),
    protocol,
    ...(tls ? { tls } : {}),
    connectTimeoutMs,
    ...policyOf(s, dc, service, protocol, options.defaultIntention),
  };
  return [{ name: '', selection: EVERYTHING }, ...subsets].map(({ name, selection }) => {
    const sni = sniOf(service, name, dc, options.trustDomain);
    const endpoints = healthy(serviceInstances(s, dc, service).value, selection).map(endpointOf);
    const outside = { connectTimeoutMs, endpoints, external: systemOf(linked), ...(isHttp2(protocol) ? { protocol } : {}) };
    const cluster: Cluster = { name: sni, service, datacenter: dc, sni, identities: [], ...outside };
    // Consul: Envoy takes the first of several hostnames as the name of them all.
    const host = keepsHost ? undefined : endpoints.find(({ address }) => addressBytes(address) === undefined)?.address;
    return { service: { ...common, sni, cluster: sni, ...(host === undefined ? {} : { host }) }, cluster };
  });
}

const EVERYTHING: Selection = { filter: '', onlyPassing: false };

function systemOf({ caFile, certFile, keyFile, sni }: GatewayService): ExternalSystem {
  if (caFile === '') return {};
  const pair = certFile === '' || keyFile === '' ? {} : { certFile, keyFile };
  return { tls: { caFile, ...pair, ...(sni === '' ? {} : { sni }) } };
}
