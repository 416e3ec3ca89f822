import type { Flow } from '../api/traffic.ts';
import type { InboundListener, OutboundListener, ProbeOutcome, ProxyConfig } from '../compile/proxy-config.ts';
import { inboundName, isListener, metricsName, outboundName } from './binds.ts';
import { type Drainable, Drains } from './drains.ts';
import type { Environment } from './environment.ts';
import { App } from './inbound/app.ts';
import { ExposedPaths } from './inbound/exposed-paths.ts';
import { Inbound } from './inbound/inbound.ts';
import { Terminating } from './inbound/terminating.ts';
import { MetricsEndpoint } from './metrics/endpoint.ts';
import { flowsOf } from './metrics/flows.ts';
import { type Labels, type Metric, MetricSet } from './metrics/metric-set.ts';
import { addSidecar, type SidecarView } from './metrics/sidecar.ts';
import { ProxyWatch } from './observe/proxy-watch.ts';
import { UpstreamCluster } from './outbound/cluster.ts';
import { Outbound } from './outbound/outbound.ts';
import type { Acceptor } from './socket/listener.ts';
import type { ClusterStats, ListenerStats } from './stats.ts';

const PROBE_ANSWER_MS = 10_000;

/** What a proxy takes from the mesh. */
type Front = Inbound | Terminating;

/** One proxy at work. What it holds open outlives changes of its configuration, by listener name and cluster name. */
export class Sidecar implements Drainable {
  readonly #env: Environment;
  #config: ProxyConfig;
  readonly #watch: ProxyWatch;
  #inbound: Front | undefined;
  readonly #exposed: ExposedPaths;
  #drained: Promise<void> | undefined;
  readonly #outbound = new Map<string, Outbound>();
  readonly #clusters = new Map<string, UpstreamCluster>();
  readonly #metrics = new Map<string, MetricsEndpoint>();
  /** Upstreams that it no longer has. */
  readonly #leaving = new Drains<Outbound>();

  constructor(env: Environment, config: ProxyConfig) {
    this.#env = env;
    this.#config = config;
    this.#watch = new ProxyWatch(env, config);
    this.#inbound = this.#newFront();
    this.#exposed = new ExposedPaths(env, this.#watch);
    this.#exposed.update(config);
    if (config.leaving) this.#leave();
    this.#updateOutbound(config);
    this.#updateMetrics();
  }

  get config(): ProxyConfig {
    return this.#config;
  }

  /** Its own identity is part of every handshake already made, so a proxy that gets another one is a new Sidecar. */
  update(config: ProxyConfig): void {
    if (config.hash === this.#config.hash) return;
    const { leaving } = this.#config;
    this.#config = config;
    this.#watch.update(config);
    if (config.inbound && this.#inbound instanceof Inbound) this.#inbound.update(config.inbound);
    if (config.terminating && this.#inbound instanceof Terminating) this.#inbound.update(config.terminating);
    this.#exposed.update(config);
    if (config.leaving && !leaving) this.#leave();
    else if (leaving && !config.leaving) this.#stay();
    this.#updateOutbound(config);
    this.#updateMetrics();
  }

  /** Settles when a sidecar that is leaving has nothing open; undefined for one that stays. */
  get drained(): Promise<void> | undefined {
    return this.#drained;
  }

  refreshIdentity(): void {
    this.#inbound?.refreshIdentity();
  }

  acceptor(listenerName: string): Acceptor | undefined {
    const { id } = this.#config;
    if (isListener(listenerName, inboundName(id))) return (socket) => this.#inbound?.accept(socket);
    const exposed = this.#exposed.acceptor(listenerName);
    if (exposed) return exposed;
    const metrics = this.#metrics.get(listenerName);
    if (metrics) return (socket) => metrics.accept(socket);
    const found = [...this.#outbound].find(([name]) => isListener(listenerName, outboundName(id, name)));
    return found && ((socket) => found[1].accept(socket));
  }

  /** By upstream: `payments`, `payments?dc=dc2`. */
  async probe(): Promise<Record<string, ProbeOutcome>> {
    const outcomes = [...this.#outbound].map(async ([name, outbound]) => [name, await outbound.probe(PROBE_ANSWER_MS)] as const);
    return Object.fromEntries(await Promise.all(outcomes));
  }

  listenerStats(): [string, ListenerStats][] {
    const { id } = this.#config;
    return [
      ...(this.#inbound ? [[inboundName(id), this.#inbound.stats] satisfies [string, ListenerStats]] : []),
      ...(this.#inbound instanceof Terminating ? this.#inbound.serviceStats() : []),
      ...this.#exposed.stats(),
      ...[...this.#outbound].map(([name, { stats }]): [string, ListenerStats] => [outboundName(id, name), stats]),
    ];
  }

  clusterStats(): [string, ClusterStats][] {
    return [...this.#clusters].map(([name, { stats }]) => [`${this.#config.id}/${name}`, stats]);
  }

  /** Adds what it has counted; `extra` labels tell it from other sidecars. */
  measure(set: MetricSet, extra?: Labels): void {
    addSidecar(set, this.#view(), extra);
  }

  /** The same counters, by who has called whom. */
  flows(): Flow[] {
    return flowsOf(this.#view());
  }

  /** Its addresses are given back by who bound them. */
  async drain(deadlineMs: number): Promise<void> {
    const listeners = [...(this.#inbound ? [this.#inbound] : []), ...this.#outbound.values()];
    const gone = [
      this.#leaving.hasten(deadlineMs),
      this.#exposed.drain(deadlineMs),
      ...listeners.map((listener) => listener.drain(deadlineMs)),
    ];
    for (const cluster of this.#clusters.values()) cluster.close();
    for (const endpoint of this.#metrics.values()) endpoint.close();
    await Promise.all(gone);
    this.#watch.close();
  }

  #view(): SidecarView {
    return {
      config: this.#config,
      inbound: this.#inbound instanceof Inbound ? this.#inbound : undefined,
      terminating: this.#inbound instanceof Terminating ? this.#inbound : undefined,
      exposed: this.#exposed,
      outbound: this.#outbound,
      clusters: this.#clusters,
    };
  }

  #leave(): void {
    this.#drained = this.#inbound?.drain(this.#env.limits.drainMs) ?? Promise.resolve();
  }

  /** What the former inbound side still has finishes there. */
  #stay(): void {
    this.#drained = undefined;
    this.#inbound = this.#newFront();
  }

  #updateOutbound(config: ProxyConfig): void {
    for (const [name, cluster] of this.#clusters) {
      if (config.clusters[name]) continue;
      cluster.close();
      this.#clusters.delete(name);
    }
    for (const [name, cluster] of Object.entries(config.clusters)) {
      const present = this.#clusters.get(name);
      if (present) present.update(cluster);
      else this.#clusters.set(name, new UpstreamCluster(this.#env, config.identity, cluster));
    }
    const names = new Set(config.outbound.map((listener) => listener.name));
    for (const [name, outbound] of this.#outbound) {
      if (names.has(name)) continue;
      this.#outbound.delete(name);
      this.#leaving.retire(outbound, this.#env.limits.drainMs);
    }
    for (const listener of config.outbound) {
      const present = this.#outbound.get(listener.name);
      if (present) present.update(listener);
      else this.#outbound.set(listener.name, this.#newOutbound(listener));
    }
  }

  #updateMetrics(): void {
    const { id, telemetry } = this.#config;
    const paths = new Map((telemetry?.metrics ?? []).map(({ path }) => [metricsName(id, path), path]));
    for (const [name, endpoint] of this.#metrics) {
      if (paths.has(name)) continue;
      endpoint.close();
      this.#metrics.delete(name);
    }
    for (const [name, path] of paths)
      if (!this.#metrics.has(name)) this.#metrics.set(name, new MetricsEndpoint(path, () => this.#measured()));
  }

  #measured(): readonly Metric[] {
    const set = new MetricSet();
    this.measure(set);
    return set.all();
  }

  #newOutbound(listener: OutboundListener): Outbound {
    const name = outboundName(this.#config.id, listener.name);
    return new Outbound(this.#env, name, this.#clusters, listener, this.#watch.outbound(listener.name));
  }

  #newFront(): Front | undefined {
    const { id, identity, service, inbound, terminating } = this.#config;
    const name = inboundName(id);
    if (terminating) return new Terminating(this.#env, name, this.#clusters, terminating, this.#watch.inbound());
    if (!inbound) return undefined;
    const front = new Inbound<InboundListener>(
      this.#env,
      name,
      identity,
      new App(this.#env, service, inbound),
      inbound,
      this.#watch.inbound(),
    );
    front.refreshIdentity();
    return front;
  }
}
