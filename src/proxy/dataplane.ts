import type { Flow } from '../api/traffic.ts';
import type { Clock, Log } from '../base/ports.ts';
import {
  type DataplaneUpdate,
  type ForwardConfig,
  identitiesOf,
  type ProbeOutcome,
  type ProxyConfig,
  type SocketAddress,
  type TapFilter,
} from '../compile/proxy-config.ts';
import { type Bind, forwardBind, forwardName, metricsBinds, proxyBinds, sameBind } from './binds.ts';
import { Drains } from './drains.ts';
import type { Environment } from './environment.ts';
import { Forward } from './forward/forward.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type HeldAddresses, Listeners } from './listeners.ts';
import { type Metric, MetricSet } from './metrics/metric-set.ts';
import { LogFiles } from './observe/access-log/log-files.ts';
import { type DenialListener, Denials } from './observe/denials.ts';
import { Shared } from './observe/shared.ts';
import { type TapListener, Taps } from './observe/taps.ts';
import { SaidOnce } from './said-once.ts';
import { Sidecar } from './sidecar.ts';
import { describeAddress } from './socket/dial.ts';
import type { Acceptor } from './socket/listener.ts';
import type { DataPlaneStats } from './stats.ts';
import { Identities } from './tls/identities.ts';

export interface DataPlaneOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits?: Partial<Limits>;
  /** Uniform in [0, 1): weighted splits. */
  readonly random?: () => number;
  /** Folder for the access logs of proxies that name no file: the working directory by default. */
  readonly logDir?: string;
  /** Certificates that servers outside of the mesh are trusted by: Node's own choice by default. */
  readonly publicRoots?: () => readonly string[];
  /** Addresses that were reserved in this process: none by default. */
  readonly held?: HeldAddresses;
}

export interface Applied {
  readonly index: number;
  /** By proxy or forward id: addresses that could not be bound. The rest of that proxy serves. */
  readonly errors: Readonly<Record<string, string>>;
}

/** All built-in sidecars and forwards of one process. */
export interface DataPlane extends AsyncDisposable {
  /** Resolves when the update is in force. Updates are applied one after the other; a request in flight finishes on what it began with. */
  apply(update: DataplaneUpdate): Promise<Applied>;
  /** Outcome by upstream; never rejects. Empty for a proxy that isn't here or has no upstreams. */
  probe(proxyId: string): Promise<Record<string, ProbeOutcome>>;
  /** Resolves when a proxy that is leaving has nothing open any more. One that isn't here has nothing. */
  drained(proxyId: string): Promise<void>;
  /** Resolves when nothing is under way any more to targets that forwards have lost, nor on forwards that were removed. */
  settled(): Promise<void>;
  /** What is bound, by listener name: `<proxy id>/inbound`, `<proxy id>/outbound/<upstream>`, `forward/<id>`. */
  addresses(): Record<string, SocketAddress>;
  stats(): DataPlaneStats;
  /** What sidecars have counted, as metrics: of all, of one by its id or the last part of it, or of those of a service. */
  metrics(wanted?: string): Metric[];
  /** The same counters, by who has called whom. */
  flows(): Flow[];
  /** Tells of each request that ends from now on, until the returned function is called. */
  tap(filter: TapFilter, listener: TapListener): () => void;
  /** Tells of calls that a rule has refused, those that are remembered first, until the returned function is called. */
  denials(listener: DenialListener): () => void;
  /** Nothing is served: no sidecar, no forward. */
  readonly idle: boolean;
  /** Stops listening, lets requests finish until the deadline, cuts the rest. */
  close(deadlineMs?: number): Promise<void>;
}

export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const env: Environment = {
    log: options.log,
    clock: options.clock,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    identities: new Identities(options.log),
    taps: new Taps(),
    denials: new Denials(() => options.clock.now()),
    exporters: new Shared(),
    logFiles: new LogFiles(options.logDir ?? '.', options.log),
    random: options.random ?? Math.random,
    ...(options.publicRoots ? { publicRoots: options.publicRoots } : {}),
  };
  return new BuiltInDataPlane(env, new Listeners(options.held));
}

class BuiltInDataPlane implements DataPlane {
  readonly #env: Environment;
  readonly #listeners: Listeners;
  readonly #sidecars = new Map<string, Sidecar>();
  readonly #forwards = new Map<string, Forward>();

  get idle(): boolean {
    return this.#sidecars.size === 0 && this.#forwards.size === 0;
  }
  readonly #leavingSidecars = new Drains<Sidecar>();
  readonly #leavingForwards = new Drains<Forward>();
  readonly #proxyConfigs = new Map<string, ProxyConfig>();
  readonly #forwardConfigs = new Map<string, ForwardConfig>();
  /** All addresses that they want are bound, so that only a change of addresses calls for a look at them. */
  #allBound = false;
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  readonly #unbound: SaidOnce;

  constructor(env: Environment, listeners: Listeners) {
    this.#env = env;
    this.#listeners = listeners;
    this.#unbound = new SaidOnce(env.log, 'metrics', 'metrics are not served');
  }

  apply(update: DataplaneUpdate): Promise<Applied> {
    const applied = this.#last.then(() => this.#apply(update));
    this.#last = applied.catch(() => undefined);
    return applied;
  }

  probe(proxyId: string): Promise<Record<string, ProbeOutcome>> {
    // After the updates that came before it: a probe asks about what its sender has just configured.
    return this.#last.then(() => this.#sidecars.get(proxyId)?.probe() ?? {});
  }

  async drained(proxyId: string): Promise<void> {
    await this.#sidecars.get(proxyId)?.drained;
  }

  async settled(): Promise<void> {
    await this.#last;
    const forwards = [...this.#forwards.values(), ...this.#leavingForwards];
    await Promise.all(forwards.map((forward) => forward.quiet()));
  }

  addresses(): Record<string, SocketAddress> {
    return this.#listeners.addresses();
  }

  stats(): DataPlaneStats {
    const sidecars = [...this.#sidecars.values()];
    const forwards = [...this.#forwards].map(([id, { stats }]) => [forwardName(id), stats] as const);
    return {
      listeners: Object.fromEntries([...sidecars.flatMap((sidecar) => sidecar.listenerStats()), ...forwards]),
      clusters: Object.fromEntries(sidecars.flatMap((sidecar) => sidecar.clusterStats())),
    };
  }

  metrics(wanted?: string): Metric[] {
    const set = new MetricSet();
    for (const [proxy, sidecar] of this.#sidecars)
      if (wanted === undefined || proxy === wanted || proxy.endsWith(`/${wanted}`) || sidecar.config.service === wanted)
        sidecar.measure(set, { proxy });
    return set.all();
  }

  flows(): Flow[] {
    return Array.from(this.#sidecars.values(), (sidecar) => sidecar.flows()).flat();
  }

  tap(filter: TapFilter, listener: TapListener): () => void {
    return this.#env.taps.add(filter, listener);
  }

  denials(listener: DenialListener): () => void {
    return this.#env.denials.follow(listener);
  }

  close(deadlineMs: number = this.#env.limits.drainMs): Promise<void> {
    this.#closed ??= this.#last.then(async () => {
      this.#listeners.closeAll();
      const present = [...this.#sidecars.values(), ...this.#forwards.values()].map((owner) => owner.drain(deadlineMs));
      await Promise.all([...present, this.#leavingSidecars.hasten(deadlineMs), this.#leavingForwards.hasten(deadlineMs)]);
      await Promise.all([this.#env.logFiles.close(), this.#env.exporters.close()]);
    });
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #apply(update: DataplaneUpdate): Promise<Applied> {
    if (this.#closed) throw new Error('the data plane is closed');
    const { index } = update;
    const settled = this.#allBound && this.#keepsAddresses(update);
    merge(this.#proxyConfigs, update.proxies, update.removedProxies, update.full);
    merge(this.#forwardConfigs, update.forwards, update.removedForwards, update.full);
    if (settled) {
      this.#commit(update);
      return { index, errors: {} };
    }
    const proxies = [...this.#proxyConfigs.values()];
    const metrics = proxies.flatMap(metricsBinds);
    const wanted = [...proxies.flatMap(proxyBinds), ...[...this.#forwardConfigs.values()].map(forwardBind), ...metrics];
    let errors = await this.#listeners.bind(wanted);
    this.#commit(update);
    this.#retainLeaves();
    this.#pointListeners(wanted);
    this.#sayUnbound(metrics);
    if (Object.keys(errors).length > 0) {
      // What was in the way may have been ours, and retired just now: 0.0.0.0:9090 before 127.0.0.1:9090.
      errors = await this.#listeners.bind(wanted);
      this.#pointListeners(wanted);
    }
    this.#allBound = Object.keys(errors).length === 0 && wanted.every((bind) => this.#listeners.isBound(bind));
    return { index, errors };
  }

  /** No address and no certificate comes or goes: its work is that of what it names, however many others there are. */
  #keepsAddresses({ full, proxies, removedProxies, forwards, removedForwards }: DataplaneUpdate): boolean {
    if (full || removedProxies.length > 0 || removedForwards.length > 0) return false;
    return (
      proxies.every((proxy) => {
        const before = this.#proxyConfigs.get(proxy.id);
        return before !== undefined && sameFootprint(before, proxy);
      }) &&
      forwards.every((forward) => {
        const before = this.#forwardConfigs.get(forward.id);
        return before !== undefined && sameBind(forwardBind(before), forwardBind(forward));
      })
    );
  }

  #sayUnbound(binds: readonly Bind[]): void {
    const missing = binds.filter((bind) => !this.#listeners.isHeldBy(bind));
    this.#unbound.say(new Set(missing.map(({ name, at }) => `${name}: ${describeAddress(at)} is taken`)));
  }

  /** Nothing in here waits: a connection sees the old state or the new one. */
  #commit(update: DataplaneUpdate): void {
    const renewed = this.#env.identities.update(update.leaves, update.roots, update.full);
    this.#updateSidecars(update);
    if (renewed) for (const sidecar of this.#sidecars.values()) sidecar.refreshIdentity();
    this.#updateForwards(update);
  }

  #pointListeners(wanted: readonly Bind[]): void {
    this.#listeners.commit(wanted, (bind) => this.#acceptor(bind));
  }

  #updateSidecars({ full, proxies, removedProxies }: DataplaneUpdate): void {
    const named = new Map(proxies.map((config) => [config.id, config]));
    for (const id of full ? this.#sidecars.keys() : [...removedProxies, ...named.keys()]) {
      const sidecar = this.#sidecars.get(id);
      if (!sidecar || named.get(id)?.identity === sidecar.config.identity) continue;
      this.#sidecars.delete(id);
      this.#leavingSidecars.retire(sidecar, this.#env.limits.drainMs, () => this.#retainLeaves());
    }
    for (const [id, config] of named) {
      const sidecar = this.#sidecars.get(id);
      if (sidecar) sidecar.update(config);
      else this.#sidecars.set(id, new Sidecar(this.#env, config));
    }
  }

  /** A request that is under way may still need a connection in the name of a sidecar that has left. */
  #retainLeaves(): void {
    const sidecars = [...this.#sidecars.values(), ...this.#leavingSidecars];
    this.#env.identities.retain(new Set(sidecars.flatMap(({ config }) => identitiesOf(config))));
  }

  #updateForwards({ full, forwards, removedForwards }: DataplaneUpdate): void {
    const named = new Map(forwards.map((config) => [config.id, config]));
    for (const id of full ? this.#forwards.keys() : removedForwards) {
      const forward = this.#forwards.get(id);
      if (!forward || named.has(id)) continue;
      this.#forwards.delete(id);
      this.#leavingForwards.retire(forward, this.#env.limits.drainMs);
    }
    for (const [id, config] of named) {
      const forward = this.#forwards.get(id);
      if (forward) forward.update(config);
      else this.#forwards.set(id, new Forward(this.#env, config));
    }
  }

  #acceptor(bind: Bind): Acceptor | undefined {
    const sidecar = this.#sidecars.get(bind.owner)?.acceptor(bind.name);
    if (sidecar) return sidecar;
    const forward = this.#forwards.get(bind.owner);
    return forward && bind.name === forwardName(bind.owner) ? (socket) => forward.accept(socket) : undefined;
  }
}

function merge<T extends { readonly id: string }>(
  present: Map<string, T>,
  changed: readonly T[],
  removed: readonly string[],
  full: boolean,
): void {
  if (full) present.clear();
  for (const id of removed) present.delete(id);
  for (const item of changed) present.set(item.id, item);
}

/** Equal in addresses and certificates. */
function sameFootprint(a: ProxyConfig, b: ProxyConfig): boolean {
  const [bindsA, bindsB] = [a, b].map((proxy) => [...proxyBinds(proxy), ...metricsBinds(proxy)]) as [Bind[], Bind[]];
  const [shownA, shownB] = [identitiesOf(a), identitiesOf(b)];
  return (
    bindsA.length === bindsB.length &&
    shownA.length === shownB.length &&
    bindsA.every((bind, i) => sameBind(bind, bindsB[i]!)) &&
    shownA.every((identity, i) => identity === shownB[i])
  );
}
