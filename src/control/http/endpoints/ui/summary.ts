import type { Instance } from '../../../../catalog/queries.ts';
import type { Check } from '../../../../catalog/types.ts';
import type { Compat } from '../../../compatibility.ts';
import { orNull } from '../shapes.ts';

/** What the UI shows of a service in a list. */
export interface Summary {
  readonly kind: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly nodes: readonly string[];
  readonly instances: number;
  readonly proxyFor: readonly string[];
  readonly passing: number;
  readonly warning: number;
  readonly critical: number;
  readonly externalSources: readonly string[];
  readonly transparentProxy: boolean;
  readonly connectNative: boolean;
}

/** What a gateway has to do with it. */
export interface GatewayView {
  readonly addresses?: readonly string[];
  readonly associated?: number;
}

/** Newer Consuls count each check once, 1.8 once for each instance that it concerns. */
export function summarize(name: string, instances: readonly Instance[], compat: Compat): Summary {
  const checks = instances.flatMap(({ checks }) => checks);
  const counted = compat === '1.8' ? checks : [...new Map(checks.map((check) => [`${check.Node}/${check.CheckID}`, check])).values()];
  const count = (status: Check['Status']): number => counted.filter((check) => check.Status === status).length;
  const services = instances.map(({ service }) => service);
  const proxies = services.filter(({ Kind }) => Kind === 'connect-proxy');
  return {
    kind: services[0]?.Kind ?? '',
    name,
    tags: sortedSet(services.flatMap(({ Tags }) => Tags)),
    nodes: instances.map(({ node }) => node.Node).sort(),
    instances: instances.length,
    proxyFor: sortedSet(proxies.map(({ Proxy: proxy }) => proxy?.DestinationServiceName ?? '')),
    passing: count('passing'),
    warning: count('warning'),
    critical: count('critical'),
    externalSources: sortedSet(services.flatMap(({ Meta }) => Meta['external-source'] ?? [])),
    transparentProxy: proxies.length > 0 && proxies.every(({ Proxy: proxy }) => proxy?.Mode === 'transparent'),
    connectNative: services.some((service) => service.ConnectNative),
  };
}

export function summaryJson(summary: Summary, datacenter: string, compat: Compat, gateway: GatewayView = {}): object {
  const { kind, name, tags, nodes, instances, proxyFor, passing, warning, critical, externalSources } = summary;
  const kindOf = kind === '' ? {} : { Kind: kind };
  const checks = { ChecksPassing: passing, ChecksWarning: warning, ChecksCritical: critical };
  const GatewayConfig = {
    ...(gateway.associated ? { AssociatedServiceCount: gateway.associated } : {}),
    ...(gateway.addresses && gateway.addresses.length > 0 ? { Addresses: gateway.addresses } : {}),
  };
  if (compat === '1.8') {
    const proxied = proxyFor.length === 0 ? {} : { ProxyFor: proxyFor };
    const counts = { InstanceCount: instances, ...proxied, ...checks };
    return { ...kindOf, Name: name, Tags: orNull(tags), Nodes: nodes, ...counts, ExternalSources: orNull(externalSources), GatewayConfig };
  }
  return {
    ...kindOf,
    Name: name,
    Datacenter: datacenter,
    Tags: orNull(tags),
    Nodes: nodes,
    ExternalSources: orNull(externalSources),
    InstanceCount: instances,
    ...checks,
    GatewayConfig,
    TransparentProxy: summary.transparentProxy,
    ConnectNative: summary.connectNative,
  };
}

export const sortedSet = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
