import { isDeepStrictEqual } from 'node:util';
import { MeshError } from '../../base/errors.ts';
import { readPlace } from '../../base/file-place.ts';
import type { Clock } from '../../base/ports.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import { until, type Watch } from '../../base/watch.ts';
import type {
  HostedWorkload,
  PutEntriesOptions,
  Registration,
  RegistryPort,
  RemoveEntriesOptions,
  UpstreamName,
  WrittenIntention,
} from '../../blueprints/context.ts';
import { entryPlaceKey } from '../../blueprints/graph.ts';
import { deleteIntention, upsertIntention } from '../../catalog/intentions.ts';
import type { CheckStatus, Indexed, Op } from '../../catalog/types.ts';
import { DRAIN_MS, type ProbeOutcome } from '../../compile/proxy-config.ts';
import { sidecarIdOf } from '../../control/registration/sidecar.ts';
import { WriteRefused } from '../../control/registry.ts';
import type { EntryBase } from '../../entries/kind.ts';
import type { ServiceIntentions } from '../../entries/service-intentions.ts';
import { entryKind } from '../../entries/table.ts';
import { inWriteOrder } from '../../entries/write-order.ts';
import {
  applicationChecks,
  checksOf,
  nodeChecks,
  nodeOf,
  proxyIdOf,
  type Reach,
  readyOutput,
  serviceOf,
  sidecarOf,
} from './registration.ts';
import { healthOf, type ServiceHealth } from './service-health.ts';
import { outcomeOf, upstreamTrouble } from './upstream-trouble.ts';
import type { Traffic } from './workloads.ts';

/** What the registrations of workloads need of a control plane. */
export interface RegistryBackend {
  readonly datacenter: string;
  commit(ops: readonly Op[]): Promise<{ applied: boolean }>;
  entry(dc: string, kind: string, name: string): (EntryBase & { readonly Protocol?: string }) | undefined;
  datacenters(): readonly string[];
  /** By name, in order, without proxies: how many sidecars stand for each. */
  services(dc: string): ReadonlyMap<string, { readonly sidecars: number }>;
  checkStatus(dc: string, node: string, checkId: string): CheckStatus | undefined;
  host(proxy: ProxyRef, options: { extraLoopback: boolean }): void;
  /** Takes nothing new; resolves when nothing is open any more, or rejects with the signal's reason. */
  leave(proxy: ProxyRef, signal: AbortSignal): Promise<void>;
  unhost(proxy: ProxyRef): void;
  /** By proxy id: undefined until the data plane serves it, then its error or ''. */
  readonly proxyStates: Watch<ReadonlyMap<string, string>>;
  probe(proxy: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>>;
  nodeId(dc: string, node: string): string;
  /** Resolves when the data plane serves everything that was committed, or the signal aborts. */
  settled(signal: AbortSignal): Promise<void>;
}

interface ProxyRef {
  readonly dc: string;
  readonly node: string;
  readonly id: string;
}

interface Registered {
  /** Its sidecar, or itself if it is a gateway. */
  readonly proxy: ProxyRef | undefined;
  /** On whose health its checks depend. */
  readonly workloads: readonly HostedWorkload[];
  /** Lets its checks be. */
  stop(): void;
}

/** Puts workloads into the catalog and keeps their checks at what supervision sees. */
export class Registry implements RegistryPort, Traffic {
  readonly #backend: RegistryBackend;
  readonly #reach: Reach;
  readonly #clock: Clock;
  readonly #registered = new Map<string, Registered>();
  /** How many ask for the protocol of a service, by `<datacenter>/<service>`. */
  readonly #protocolDefaults = new Map<string, number>();

  readonly #isIdle: (service: string, datacenter: string | undefined) => boolean;

  /** `isIdle`: whether nobody is meant to serve a service now. */
  constructor(options: {
    backend: RegistryBackend;
    reach: Reach;
    clock: Clock;
    isIdle: (service: string, datacenter: string | undefined) => boolean;
  }) {
    this.#isIdle = options.isIdle;
    this.#backend = options.backend;
    this.#reach = options.reach;
    this.#clock = options.clock;
  }

  async register(registration: Registration, workloads: readonly HostedWorkload[]): Promise<void> {
    const { node, service } = registration;
    const datacenter = registration.datacenter ?? this.#backend.datacenter;
    const sidecar = service.sidecar ? sidecarOf(registration, this.#reach) : undefined;
    const proxy = proxyIdOf(service);
    const health = (): ServiceHealth => healthOf(workloads, this.#gatewayTrouble(datacenter, node.name, service));
    const checks = checksOf(registration, health().status, this.#listeningStatus(datacenter, node.name, sidecar?.ID));
    await this.#backend.commit([
      {
        type: 'register',
        dc: datacenter,
        node: nodeOf(registration, datacenter, this.#backend.nodeId(datacenter, node.name), this.#reach),
        services: [serviceOf(registration, this.#reach), ...(sidecar ? [sidecar] : [])],
        checks: [...nodeChecks(registration), ...checks],
      },
    ]);
    if (proxy !== undefined) this.#backend.host({ dc: datacenter, node: node.name, id: proxy }, { extraLoopback: true });
    this.#watch(registration, health, workloads);
  }

  async deregister(node: string, serviceId: string, datacenter?: string): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    const key = `${dc}/${node}/${serviceId}`;
    const known = this.#registered.get(key);
    known?.stop();
    this.#registered.delete(key);
    // A node is there for its services: the last one takes it along.
    const isLast = ![...this.#registered.keys()].some((other) => other.startsWith(`${dc}/${node}/`));
    await this.#backend.commit([
      { type: 'deregister', dc, node, serviceId: sidecarIdOf(serviceId) },
      { type: 'deregister', dc, node, serviceId },
      ...(isLast ? [{ type: 'deregister', dc, node } as const] : []),
    ]);
    const proxy = known?.proxy ?? { dc, node, id: sidecarIdOf(serviceId) };
    if (known) await this.#drain([proxy]);
    this.#backend.unhost(proxy);
  }

  async leave(workloads: readonly HostedWorkload[]): Promise<void> {
    // Behind the checks that have just become critical.
    await this.#backend.commit([]);
    await this.#drain(this.#proxiesOf(workloads));
  }

  enter(workloads: readonly HostedWorkload[]): void {
    for (const proxy of this.#proxiesOf(workloads)) this.#backend.host(proxy, { extraLoopback: true });
  }

  #proxiesOf(workloads: readonly HostedWorkload[]): ProxyRef[] {
    const found = [...this.#registered.values()].filter((one) => one.workloads.some((workload) => workloads.includes(workload)));
    return found.flatMap(({ proxy }) => proxy ?? []);
  }

  /** Callers first learn that it goes; only then its proxy stops to accept, and what it still has may end. */
  async #drain(proxies: readonly ProxyRef[]): Promise<void> {
    await this.#backend.settled(AbortSignal.timeout(SETTLE_MS)).catch(() => undefined);
    const drained = proxies.map((proxy) => this.#backend.leave(proxy, AbortSignal.timeout(DRAIN_MS + SETTLE_MS)));
    await Promise.allSettled(drained);
  }

  async setProtocolDefault(service: string, protocol: string, datacenter?: string): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    const key = `${dc}/${service}`;
    this.#protocolDefaults.set(key, (this.#protocolDefaults.get(key) ?? 0) + 1);
    await this.#backend.commit([{ type: 'put-entry', dc, entry: protocolDefault(service, protocol), cas: 0 }]);
  }

  async clearProtocolDefault(service: string, protocol: string, datacenter?: string): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    const key = `${dc}/${service}`;
    const others = (this.#protocolDefaults.get(key) ?? 1) - 1;
    this.#protocolDefaults.set(key, others);
    if (others > 0 || this.#backend.entry(dc, 'service-defaults', service)?.Protocol !== protocol) return;
    await this.#deleteUnlessNeeded([{ type: 'delete-entry', dc, kind: 'service-defaults', name: service }]);
  }

  async putIntention(intention: WrittenIntention, datacenter?: string): Promise<void> {
    await this.#editIntentions(intention.destination, datacenter, (existing) => upsertIntention(existing, intention));
  }

  async removeIntention(intention: WrittenIntention, datacenter?: string): Promise<void> {
    const [written] = upsertIntention(undefined, intention).Sources;
    await this.#editIntentions(intention.destination, datacenter, (existing) => {
      const isOurs = existing?.Sources.some((source) => isDeepStrictEqual(source, written));
      return isOurs ? deleteIntention(existing, intention.source) : existing;
    });
  }

  /** Others may write the same entry: then it is done again, with theirs. */
  async #editIntentions(
    destination: string,
    datacenter: string | undefined,
    edit: (existing: ServiceIntentions | undefined) => ServiceIntentions | undefined,
  ): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    for (;;) {
      const stored = this.#backend.entry(dc, 'service-intentions', destination) as (ServiceIntentions & Indexed) | undefined;
      const entry = edit(stored);
      if (entry === stored) return;
      const cas = stored?.ModifyIndex ?? 0;
      const op: Op = entry
        ? { type: 'put-entry', dc, entry, cas }
        : { type: 'delete-entry', dc, kind: 'service-intentions', name: destination, cas };
      const { applied } = await this.#backend.commit([op]);
      if (applied) return;
    }
  }

  async putEntries(
    entries: readonly EntryBase[],
    datacenter?: string,
    { onlyNew, place, entryPlaces = {} }: PutEntriesOptions = {},
  ): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    if (entries.length === 0) return;
    const ops = inWriteOrder(entries).map((entry): Op => {
      const file = readPlace(entryPlaces[entryPlaceKey(entry.Kind, entry.Name)] ?? place ?? '');
      return { type: 'put-entry', dc, entry, ...(onlyNew ? { cas: 0 } : {}), ...(file ? { file } : {}) };
    });
    await this.#backend.commit(ops);
  }

  entry(kind: string, name: string, datacenter?: string): EntryBase | undefined {
    const stored = this.#backend.entry(datacenter ?? this.#backend.datacenter, kind, name);
    if (!stored) return undefined;
    const { CreateIndex: _, ModifyIndex: __, ...entry } = stored as EntryBase & Partial<Indexed>;
    return entry;
  }

  async removeEntries(
    entries: readonly EntryBase[],
    datacenter?: string,
    { force = false, back = [] }: RemoveEntriesOptions = {},
  ): Promise<void> {
    const dc = datacenter ?? this.#backend.datacenter;
    const ours = inWriteOrder(entries).filter((entry) => {
      const stored = this.entry(entry.Kind, entry.Name, dc);
      return stored && (force || isDeepStrictEqual(stored, entry));
    });
    if (ours.length === 0) return;
    const ops = ours.toReversed().map(({ Kind: kind, Name: name }): Op => {
      const entry = back.find((other) => other.Kind === kind && other.Name === name);
      return entry ? { type: 'put-entry', dc, entry } : { type: 'delete-entry', dc, kind, name };
    });
    const allGone = await this.#deleteUnlessNeeded(ops);
    if (!allGone) for (const op of ops) await this.#deleteUnlessNeeded([op]);
  }

  /** False when entries that somebody else wrote build on these: nothing was deleted then. */
  async #deleteUnlessNeeded(ops: readonly Op[]): Promise<boolean> {
    try {
      await this.#backend.commit(ops);
      return true;
    } catch (error) {
      if (error instanceof WriteRefused) return false;
      throw error;
    }
  }

  async sidecarReady(node: string, serviceId: string, signal: AbortSignal, datacenter?: string): Promise<void> {
    const id = this.#proxyId(datacenter, node, serviceId);
    const state = await until(this.#backend.proxyStates, (states) => states.has(id), signal).then((states) => states.get(id));
    if (state) throw new MeshError('environment', `the sidecar of ${serviceId} could not listen: ${state}`);
  }

  async upstreamReady(node: string, serviceId: string, upstream: string, signal: AbortSignal, datacenter?: string): Promise<void> {
    await this.sidecarReady(node, serviceId, signal, datacenter);
    const id = this.#proxyId(datacenter, node, serviceId);
    for (let wait = 4; ; wait = Math.min(wait * 1.3, 200)) {
      const outcomes = await this.#backend.probe(id, signal);
      const outcome = outcomeOf(outcomes, upstream);
      // A refusal by an intention is somebody's decision, not a failure of the run.
      if (outcome && outcome.state !== 'failed') return;
      if (this.#isIdle(upstream, datacenter)) return;
      await this.#clock.sleep(wait, signal);
    }
  }

  upstreamTrouble(node: string, serviceId: string, upstream: UpstreamName, datacenter?: string): Promise<string | undefined> {
    const home = datacenter ?? this.#backend.datacenter;
    return upstreamTrouble(this.#backend, this.#proxyId(datacenter, node, serviceId), upstream, home);
  }

  #proxyId(datacenter: string | undefined, node: string, serviceId: string): string {
    const dc = datacenter ?? this.#backend.datacenter;
    const id = this.#registered.get(`${dc}/${node}/${serviceId}`)?.proxy?.id ?? sidecarIdOf(serviceId);
    return `${dc}/${node}/${id}`;
  }

  #listeningStatus(dc: string, node: string, sidecar: string | undefined): CheckStatus {
    const known = sidecar === undefined ? undefined : this.#backend.checkStatus(dc, node, `service:${sidecar}:1`);
    return known ?? 'critical';
  }

  /** Why a gateway does not serve; until the data plane has told (it is asked anew after a restart), what was known holds. */
  #gatewayTrouble(dc: string, node: string, service: ServiceDefinition): string {
    if (!service.gateway) return '';
    const state = this.#backend.proxyStates.value.get(`${dc}/${node}/${service.id}`);
    if (state !== undefined) return state;
    const passed = applicationChecks(service).every((id) => this.#backend.checkStatus(dc, node, id) === 'passing');
    return passed ? '' : 'the data plane does not serve it yet';
  }

  #watch(registration: Registration, health: () => ServiceHealth, workloads: readonly HostedWorkload[]): void {
    const { node, service } = registration;
    const dc = registration.datacenter ?? this.#backend.datacenter;
    const proxy = proxyIdOf(service);
    const sidecar = service.sidecar && proxy;
    // What was asked for last: a commit takes a while, and a state that comes back meanwhile has to be written too.
    const asked = new Map<string, CheckStatus>();
    const set = (checkId: string, status: CheckStatus, output: string) => {
      if ((asked.get(checkId) ?? this.#backend.checkStatus(dc, node.name, checkId)) === status) return;
      asked.set(checkId, status);
      // A check of a service that has just been deregistered has nothing to be set on.
      this.#backend.commit([{ type: 'check-status', dc, node: node.name, checkId, status, output }]).catch(() => asked.delete(checkId));
    };
    const onHealth = () => {
      const { status, output } = health();
      for (const id of applicationChecks(service)) set(id, status, status === 'passing' ? readyOutput(service, id) : output);
      if (sidecar !== undefined) set(`service:${sidecar}:2`, status, output);
    };
    const onProxies = (states: ReadonlyMap<string, string>) => {
      const state = states.get(`${dc}/${node.name}/${sidecar}`);
      if (state !== undefined)
        set(`service:${sidecar}:1`, state === '' ? 'passing' : 'critical', state || 'the sidecar serves its configuration');
    };
    const stops = workloads.map((workload) => workload.status.subscribe(onHealth));
    if (sidecar !== undefined) stops.push(this.#backend.proxyStates.subscribe(onProxies));
    if (service.gateway) stops.push(this.#backend.proxyStates.subscribe(onHealth));
    const key = `${dc}/${node.name}/${service.id}`;
    // Registered again: only the present workloads decide.
    this.#registered.get(key)?.stop();
    this.#registered.set(key, {
      proxy: proxy === undefined ? undefined : { dc, node: node.name, id: proxy },
      workloads,
      stop: () => {
        for (const stop of stops) stop();
      },
    });
    onHealth();
    if (sidecar !== undefined) onProxies(this.#backend.proxyStates.value);
  }
}

/** How long a removal waits for the other sidecars to hear of it. */
const SETTLE_MS = 2000;

function protocolDefault(service: string, protocol: string): EntryBase {
  const entry: EntryBase & { Protocol: string } = { Kind: 'service-defaults', Name: service, Protocol: protocol };
  return entryKind('service-defaults')!.normalize(entry);
}
