import type { ExposedPath, ProxyConfig } from '../../compile/proxy-config.ts';
import { exposedName } from '../binds.ts';
import type { ExposedPaths } from '../inbound/exposed-paths.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { Terminating } from '../inbound/terminating.ts';
import type { UpstreamCluster } from '../outbound/cluster.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { addCluster } from './cluster.ts';
import { destinationLabels, listenerAddress, sourceLabels, upstreamLabels } from './labels.ts';
import { addListener, addTerminating, type ListenerView, PUBLIC } from './listener.ts';
import type { Labels, MetricSet } from './metric-set.ts';

/** An application has no other to stand in for it. */
const UNLIMITED = { failovers: 0, ejections: 0, overflows: 0 };

export interface SidecarView {
  readonly config: ProxyConfig;
  readonly inbound: Pick<Inbound, 'stats' | 'observer' | 'application'> | undefined;
  readonly terminating: Pick<Terminating, 'stats' | 'observer' | 'serviceViews'> | undefined;
  readonly exposed: Pick<ExposedPaths, 'get'>;
  readonly outbound: ReadonlyMap<string, Pick<Outbound, 'stats' | 'observer'>>;
  readonly clusters: ReadonlyMap<string, Pick<UpstreamCluster, 'counters' | 'stats'>>;
}

/** Adds what one sidecar has counted. `extra` are labels that tell it from others in the same answer. */
export function addSidecar(
  set: MetricSet,
  { config, inbound, terminating, exposed, outbound, clusters }: SidecarView,
  extra: Labels = {},
): void {
  const labels = { ...sourceLabels(config), ...config.telemetry?.labels, ...extra };
  set.add('envoy_server_live', labels, config.leaving ? 0 : 1);
  if (inbound && config.inbound) {
    const { protocol, bind } = config.inbound;
    addListener(set, labels, { ...seenBy(inbound), protocol, prefix: PUBLIC, address: listenerAddress(bind) });
    addCluster(
      set,
      { ...labels, envoy_cluster_name: 'local_app' },
      { endpoints: inbound.application ? [inbound.application] : [], stats: UNLIMITED },
    );
  }
  if (terminating && config.terminating) {
    const [bind] = config.terminating.binds;
    addTerminating(set, labels, { ...seenBy(terminating), address: listenerAddress(bind!) }, terminating.serviceViews());
  }
  for (const path of config.inbound?.exposed ?? []) {
    const seen = exposed.get(exposedName(config.id, path));
    if (!seen) continue;
    const at = { prefix: exposedPrefix(path), address: listenerAddress(path.bind), protocol: path.protocol ?? 'http' };
    addListener(set, labels, { ...at, ...seenBy(seen) });
  }
  for (const listener of config.outbound) {
    const seen = outbound.get(listener.name);
    if (!seen) continue;
    const [bind] = listener.binds;
    // Consul: the listeners of an ingress gateway are named by their ports.
    const prefix = config.inbound ? 'upstream' : `ingress_upstream_${bind!.port}`;
    const at = { prefix, address: listenerAddress(bind!), protocol: listener.protocol };
    addListener(set, { ...labels, ...(config.inbound ? upstreamLabels(listener, config.datacenter) : {}) }, { ...at, ...seenBy(seen) });
  }
  for (const cluster of Object.values(config.clusters)) {
    const seen = clusters.get(cluster.name);
    if (!seen) continue;
    const endpoints = cluster.endpoints.map((endpoint) => seen.counters.of(endpoint));
    addCluster(set, { ...labels, ...destinationLabels(cluster) }, { endpoints, stats: seen.stats });
  }
}

/** Consul names the filter of one by what is a letter or a digit of its path, and by its port. */
function exposedPrefix({ path, bind }: ExposedPath): string {
  return `exposed_path_filter_${path.replaceAll(/[^A-Za-z0-9]/g, '')}_${bind.port}`;
}

function seenBy({ stats, observer }: Pick<Outbound, 'stats' | 'observer'>): Pick<ListenerView, 'stats' | 'observer'> {
  return { stats, observer };
}
