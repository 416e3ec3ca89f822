import type { LowerContext } from './resource-type.ts';

/** What the Consul chart of a cluster says, as far as it means something here. Without the chart: its defaults. */
export interface Injector {
  /** Absent: the implicit datacenter. */
  readonly datacenter?: string;
  /** Whether pods without a `connect-inject` annotation get a sidecar. */
  readonly injectByDefault: boolean;
  /** Kubernetes namespaces whose pods may get one: `*` stands for all. A denied one is stronger. */
  readonly allowNamespaces: readonly string[];
  readonly denyNamespaces: readonly string[];
}

/** The Consul chart that is installed in a cluster: by this blueprint, or by one that runs already. */
export function injectorOf(context: LowerContext, cluster: string): Injector {
  const charts = context.resources('helm').map(({ key, spec }) => ({ key, ...(spec as { cluster?: string; injector?: Injector }) }));
  const chart = charts.find((one) => one.cluster === cluster && one.injector);
  if (!chart?.injector) return { injectByDefault: false, allowNamespaces: ['*'], denyNamespaces: [] };
  context.dependOn(chart.key);
  return chart.injector;
}
