import { MeshError } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { until, type Watch } from '../../base/watch.ts';
import type { HostedWorkload, Registration, RegistryPort } from '../../blueprints/context.ts';
import type { CheckStatus, Op } from '../../catalog/types.ts';
import type { ProbeOutcome } from '../../compile/proxy-config.ts';
import { applicationChecks, checksOf, nodeChecks, nodeOf, type Reach, serviceOf, sidecarId, sidecarOf } from './registration.ts';

/** What the registrations of workloads need of a control plane. */
export interface RegistryBackend {
  readonly datacenter: string;
  commit(ops: readonly Op[]): Promise<{ applied: boolean }>;
  entry(kind: string, name: string): { readonly Protocol?: string } | undefined;
  checkStatus(node: string, checkId: string): CheckStatus | undefined;
  host(proxy: { dc: string; node: string; id: string }, options: { extraLoopback: boolean }): void;
  unhost(proxy: { dc: string; node: string; id: string }): void;
  /** By proxy id: undefined until the data plane serves it, then its error or ''. */
  readonly proxyStates: Watch<ReadonlyMap<string, string>>;
  probe(proxy: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>>;
  nodeId(node: string): string;
}

/** Puts workloads into the catalog and keeps their checks at what supervision sees. */
export class Registry implements RegistryPort {
  readonly #backend: RegistryBackend;
  readonly #reach: Reach;
  readonly #clock: Clock;
  readonly #stops = new Map<string, () => void>();

  constructor(options: { backend: RegistryBackend; reach: Reach; clock: Clock }) {
    this.#backend = options.backend;
    this.#reach = options.reach;
    this.#clock = options.clock;
  }

  async register(registration: Registration, workloads: readonly HostedWorkload[]): Promise<void> {
    const { node, service } = registration;
    const { datacenter } = this.#backend;
    const sidecar = service.sidecar ? sidecarOf(registration, this.#reach) : undefined;
    const healthy = (): CheckStatus => (workloads.every((workload) => workload.status.value.phase === 'ready') ? 'passing' : 'critical');
    const checks = checksOf(registration, healthy(), this.#listeningStatus(node.name, sidecar?.ID));
    await this.#backend.commit([
      {
        type: 'register',
        dc: datacenter,
        node: nodeOf(registration, datacenter, this.#backend.nodeId(node.name), this.#reach),
        services: [serviceOf(registration, this.#reach), ...(sidecar ? [sidecar] : [])],
        checks: [...nodeChecks(registration), ...checks],
      },
    ]);
    if (sidecar) this.#backend.host({ dc: datacenter, node: node.name, id: sidecar.ID }, { extraLoopback: true });
    this.#watch(registration, sidecar?.ID, healthy, workloads);
  }

  async deregister(node: string, serviceId: string): Promise<void> {
    const key = `${node}/${serviceId}`;
    this.#stops.get(key)?.();
    this.#stops.delete(key);
    const { datacenter: dc } = this.#backend;
    this.#backend.unhost({ dc, node, id: sidecarId(serviceId) });
    // A node is there for its services: the last one takes it along.
    const isLast = ![...this.#stops.keys()].some((other) => other.startsWith(`${node}/`));
    await this.#backend.commit([
      { type: 'deregister', dc, node, serviceId: sidecarId(serviceId) },
      { type: 'deregister', dc, node, serviceId },
      ...(isLast ? [{ type: 'deregister', dc, node } as const] : []),
    ]);
  }

  async setProtocolDefault(service: string, protocol: string): Promise<void> {
    const entry = { Kind: 'service-defaults', Name: service, Protocol: protocol };
    await this.#backend.commit([{ type: 'put-entry', dc: this.#backend.datacenter, entry, cas: 0 }]);
  }

  async clearProtocolDefault(service: string, protocol: string): Promise<void> {
    if (this.#backend.entry('service-defaults', service)?.Protocol !== protocol) return;
    await this.#backend.commit([{ type: 'delete-entry', dc: this.#backend.datacenter, kind: 'service-defaults', name: service }]);
  }

  async sidecarReady(node: string, serviceId: string, signal: AbortSignal): Promise<void> {
    const id = this.#proxyId(node, serviceId);
    const state = await until(this.#backend.proxyStates, (states) => states.has(id), signal).then((states) => states.get(id));
    if (state) throw new MeshError('environment', `the sidecar of ${serviceId} could not listen: ${state}`);
  }

  async upstreamReady(node: string, serviceId: string, upstream: string, signal: AbortSignal): Promise<void> {
    await this.sidecarReady(node, serviceId, signal);
    const id = this.#proxyId(node, serviceId);
    for (let wait = 4; ; wait = Math.min(wait * 1.3, 200)) {
      const outcomes = await this.#backend.probe(id, signal);
      const outcome = Object.entries(outcomes).find(
        ([name]) => name === upstream || name.startsWith(`${upstream}.`) || name.startsWith(`${upstream}?`),
      )?.[1];
      // A refusal by an intention is somebody's decision, not a failure of the run.
      if (outcome && outcome.state !== 'failed') return;
      await this.#clock.sleep(wait, signal);
    }
  }

  #proxyId(node: string, serviceId: string): string {
    return `${this.#backend.datacenter}/${node}/${sidecarId(serviceId)}`;
  }

  #listeningStatus(node: string, sidecar: string | undefined): CheckStatus {
    const known = sidecar === undefined ? undefined : this.#backend.checkStatus(node, `service:${sidecar}:1`);
    return known ?? 'critical';
  }

  #watch(registration: Registration, sidecar: string | undefined, healthy: () => CheckStatus, workloads: readonly HostedWorkload[]): void {
    const { node, service } = registration;
    const dc = this.#backend.datacenter;
    // What was asked for last: a commit takes a while, and a state that comes back meanwhile has to be written too.
    const asked = new Map<string, CheckStatus>();
    const set = (checkId: string, status: CheckStatus, output: string) => {
      if ((asked.get(checkId) ?? this.#backend.checkStatus(node.name, checkId)) === status) return;
      asked.set(checkId, status);
      // A check of a service that has just been deregistered has nothing to be set on.
      this.#backend.commit([{ type: 'check-status', dc, node: node.name, checkId, status, output }]).catch(() => asked.delete(checkId));
    };
    const onHealth = () => {
      const status = healthy();
      const output =
        status === 'passing' ? 'ready' : `not ready: ${workloads.map((w) => `${w.workload.name} is ${w.status.value.phase}`).join(', ')}`;
      for (const id of applicationChecks(service)) set(id, status, output);
      if (sidecar !== undefined) set(`service:${sidecar}:2`, status, output);
    };
    const onProxies = (states: ReadonlyMap<string, string>) => {
      const state = states.get(`${dc}/${node.name}/${sidecar}`);
      if (state !== undefined)
        set(`service:${sidecar}:1`, state === '' ? 'passing' : 'critical', state || 'the sidecar serves its configuration');
    };
    const stops = workloads.map((workload) => workload.status.subscribe(onHealth));
    if (sidecar !== undefined) stops.push(this.#backend.proxyStates.subscribe(onProxies));
    const key = `${node.name}/${service.id}`;
    // Registered again: only the present workloads decide.
    this.#stops.get(key)?.();
    this.#stops.set(key, () => {
      for (const stop of stops) stop();
    });
    onHealth();
    if (sidecar !== undefined) onProxies(this.#backend.proxyStates.value);
  }
}
