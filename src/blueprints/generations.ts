import { ofGeneration } from '../base/generation.ts';
import type { Workload } from '../base/workload.ts';
import type { ApplyContext, Forward, Registration } from './context.ts';

/** What goes when those that take its place are ready. */
export interface Leaving {
  /** Whether a resource is among it, by key. */
  has(key: string): boolean;
  /** Host ports that it has open: as written, and where they really are. */
  readonly hostPorts: ReadonlyMap<number, number>;
}

export const NOTHING_LEAVES: Leaving = { has: () => false, hostPorts: new Map() };

/**
 * The world as resources of a generation see it: their processes, services, names and addresses are told from those of the
 * resources whose place they take, and what both have means their own. Addresses that are still in use stand for another
 * loopback address; host ports are handed over when their present owner closes them.
 */
export function contextOf(context: ApplyContext, generation: number, leaving: Leaving = NOTHING_LEAVES): ApplyContext {
  const own = (name: string): string => ofGeneration(name, generation);
  const { workloads, registry, forwards, datacenters } = context;
  const workloadOf = (workload: Workload): Workload => ({
    ...workload,
    id: own(workload.id),
    generation,
    mounts: workload.mounts.map((mount) =>
      'path' in mount.source && !mount.source.path.startsWith('/') ? { ...mount, source: { path: folderOf(mount.source.path) } } : mount,
    ),
  });
  const folderOf = (folder: string): string => `generation-${generation}/${folder}`;
  const serviceId = (id: string): string => `${id}-${generation}`;
  return {
    ...context,
    workloads: {
      ...workloads,
      start: (workload, options) => workloads.start(workloadOf(workload), options),
      runOnce: (workload, options) => workloads.runOnce(workloadOf(workload), options),
      get: (id) => workloads.get(own(id)),
      observe: (workload, address) => workloads.observe(workloadOf(workload), address),
      stop: (id) => workloads.stop(own(id)),
      reach: (address, port) => workloads.reach(address, port),
      removeData: (folder) => workloads.removeData(folderOf(folder)),
    },
    registry: {
      register: (registration, hosted) => registry.register(registrationOf(registration, serviceId), hosted),
      deregister: (node, id, dc) => registry.deregister(node, serviceId(id), dc),
      setProtocolDefault: (...args) => registry.setProtocolDefault(...args),
      clearProtocolDefault: (...args) => registry.clearProtocolDefault(...args),
      putEntries: (...args) => registry.putEntries(...args),
      removeEntries: (...args) => registry.removeEntries(...args),
      entry: (...args) => registry.entry(...args),
      putIntention: (...args) => registry.putIntention(...args),
      removeIntention: (...args) => registry.removeIntention(...args),
      sidecarReady: (node, id, signal, dc) => registry.sidecarReady(node, serviceId(id), signal, dc),
      upstreamTrouble: (node, id, upstream, dc) => registry.upstreamTrouble(node, serviceId(id), upstream, dc),
      upstreamReady: (node, id, upstream, signal, dc) => registry.upstreamReady(node, serviceId(id), upstream, signal, dc),
    },
    forwards: {
      publish: (name, ...rest) => forwards.publish(own(name), ...rest),
      withdraw: (name) => forwards.withdraw(own(name)),
      open: (forward: Forward) => forwards.open({ ...forward, id: own(forward.id), generation }),
      close: (id) => forwards.close(own(id)),
      refresh: () => forwards.refresh(),
      settled: () => forwards.settled(),
      ready: (id, signal) => forwards.ready(own(id), signal),
      trouble: (id) => forwards.trouble(own(id)),
    },
    datacenters: {
      open: (owner, spec) => datacenters.open(own(owner), spec),
      close: (owner, spec) => datacenters.close(own(owner), spec),
    },
    allocate(request) {
      const owner = own(request.owner);
      const holder = request.wanted === undefined ? undefined : context.addressHolder(request.wanted);
      const doubled = holder !== undefined && holder !== owner && leaving.has(keyOf(holder));
      return context.allocate({ ...request, owner, ...(doubled ? { wanted: own(request.wanted!) } : {}) });
    },
    restartOnChange: (id, watch) => context.restartOnChange(own(id), watch),
    handedOver: (port) => leaving.hostPorts.get(port),
    record: (key) => context.record(key, generation),
    others: (type, key) => context.others(type, key, generation),
  };
}

/** `k8s_config.web (pod web-0)` -> `k8s_config.web` */
const keyOf = (owner: string): string => owner.split(' ', 1)[0]!;

/** Check ids are unique on a node, as service ids are. */
function registrationOf(registration: Registration, serviceId: (id: string) => string): Registration {
  const { service } = registration;
  const checks = service.checks.map((check) => ({ ...check, id: serviceId(check.id) }));
  return { ...registration, service: { ...service, id: serviceId(service.id), checks } };
}
