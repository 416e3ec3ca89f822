import { createHash } from 'node:crypto';
import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Result } from '../base/result.ts';
import { node as nodeNamed } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Node } from '../catalog/types.ts';
import { serviceIdentity } from '../pki/spiffe.ts';
import { type GatewayOptions, gatewayConfig } from './gateways/gateway.ts';
import { inboundListener } from './inbound.ts';
import { outbound } from './outbound.ts';
import type { Cluster, OutboundListener, ProxyConfig } from './proxy-config.ts';
import { findProxy, isGateway, type Sidecar } from './proxy-id.ts';
import { telemetryOf } from './telemetry/telemetry.ts';
import type { TracingDefault } from './telemetry/tracing.ts';

export interface ProxyOptions extends GatewayOptions {
  /** Where proxies send their spans whose configuration doesn't say it. */
  readonly tracing?: TracingDefault;
}

/**
 * Everything that the sidecar or gateway `id` does, as the catalog has it now. Equal input gives an equal value, hash included.
 * Fails when there is no such proxy, or when something that it is to lead to can't be served; then the one that it has should stay.
 */
export function buildProxyConfig(s: Snapshot, id: string, options: ProxyOptions): Result<ProxyConfig, Diagnostic[]> {
  const found = findProxy(s, id);
  const node = found && nodeNamed(s, found.dc, found.proxy.Node);
  if (!found || !node) return { ok: false, error: [errorAt(undefined, `there is no sidecar or gateway ${JSON.stringify(id)}`)] };
  const { dc, proxy } = found;
  const built = isGateway(proxy) ? gatewayConfig(s, dc, node, proxy, options) : sidecarConfig(s, id, dc, node, proxy as Sidecar, options);
  if (!built.ok) return built;
  const telemetry = telemetryOf(s, dc, proxy, node, options.tracing);
  const value = { ...built.value, ...(telemetry ? { telemetry } : {}) };
  return { ok: true, value: { ...value, hash: createHash('sha256').update(JSON.stringify(value)).digest('hex') } };
}

function sidecarConfig(
  s: Snapshot,
  id: string,
  dc: string,
  node: Node,
  sidecar: Sidecar,
  options: ProxyOptions,
): Result<Omit<ProxyConfig, 'hash'>, Diagnostic[]> {
  const service = sidecar.Proxy.DestinationServiceName;
  if (service === '') return { ok: false, error: [errorAt(undefined, `sidecar ${JSON.stringify(id)} stands for no service`)] };
  const problems: Diagnostic[] = [];
  const listeners: OutboundListener[] = [];
  const clusters = new Map<string, Cluster>();
  for (const [i, upstream] of sidecar.Proxy.Upstreams.entries()) {
    const built = outbound(s, dc, sidecar, upstream, options);
    if (built.ok) {
      listeners.push(built.value.listener);
      for (const cluster of built.value.clusters) clusters.set(cluster.name, cluster);
    } else problems.push(errorAt(undefined, built.error.message, { path: `Proxy.Upstreams[${i}]` }));
  }
  if (problems.length > 0) return { ok: false, error: problems };
  const value = {
    id,
    service,
    datacenter: dc,
    identity: serviceIdentity(options.trustDomain, dc, service),
    inbound: inboundListener(s, dc, node, sidecar, options.defaultIntention),
    outbound: listeners,
    clusters: Object.fromEntries([...clusters].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return { ok: true, value };
}
