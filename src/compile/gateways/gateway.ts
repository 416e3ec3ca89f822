import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { Result } from '../../base/result.ts';
import type { IntentionAction } from '../../catalog/intentions.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node } from '../../catalog/types.ts';
import { serviceIdentity } from '../../pki/spiffe.ts';
import type { GraphError } from '../chain-model.ts';
import type { OutboundOptions } from '../outbound.ts';
import type { Cluster, OutboundListener, ProxyConfig } from '../proxy-config.ts';
import { type Gateway, proxyId } from '../proxy-id.ts';
import { apiListeners } from './api.ts';
import { gatewayBinds } from './binds.ts';
import { ingressListeners } from './ingress.ts';
import { terminatingListener } from './terminating.ts';

export interface GatewayOptions extends OutboundOptions {
  /** What decides for callers that no intention speaks of. */
  readonly defaultIntention?: IntentionAction;
}

/** What is particular to one gateway. */
export type GatewayPart = Pick<ProxyConfig, 'outbound' | 'terminating' | 'dnsNames'> & { readonly clusters: readonly Cluster[] };

/** A gateway as its config entry wants it. One without an entry serves nothing yet. */
export function gatewayConfig(
  s: Snapshot,
  dc: string,
  node: Node,
  gateway: Gateway,
  options: GatewayOptions,
): Result<Omit<ProxyConfig, 'hash'>, Diagnostic[]> {
  const built = partOf(s, dc, node, gateway, options);
  if (!built.ok) return { ok: false, error: [errorAt(undefined, built.error.message, { path: gateway.Service })] };
  const { clusters, outbound, ...part } = built.value;
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return {
    ok: true,
    value: {
      id: proxyId(dc, gateway),
      service: gateway.Service,
      datacenter: dc,
      identity: serviceIdentity(options.trustDomain, dc, gateway.Service),
      ...part,
      outbound: [...outbound, ...readyListener(gateway, node, outbound)],
      clusters: Object.fromEntries([...byName].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** Consul's check of a gateway whose registration has a port connects there; Envoy has a listener for that, which serves nothing. */
function readyListener(gateway: Gateway, node: Node, outbound: readonly OutboundListener[]): OutboundListener[] {
  const { Kind: kind, Port: port } = gateway;
  if (kind === 'terminating-gateway' || port === 0 || outbound.some(({ binds }) => binds.some((bind) => bind.port === port))) return [];
  return [{ name: `ready:${port}`, binds: gatewayBinds(gateway, node, port), protocol: 'http', routes: [], virtualHosts: [] }];
}

function partOf(s: Snapshot, dc: string, node: Node, gateway: Gateway, options: GatewayOptions): Result<GatewayPart, GraphError> {
  switch (gateway.Kind) {
    case 'ingress-gateway':
      return ingressListeners(s, dc, node, gateway, options);
    case 'api-gateway':
      return apiListeners(s, dc, node, gateway, options);
    case 'terminating-gateway':
      return { ok: true, value: terminatingListener(s, dc, node, gateway, options) };
  }
}
