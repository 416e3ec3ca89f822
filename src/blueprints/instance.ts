import type { ServiceDefinition } from '../base/registration.ts';
import type { Workload } from '../base/workload.ts';
import type { ApplyContext, HostedWorkload } from './context.ts';
import type { Guard } from './resource-type.ts';

/** Workloads that share an address, and the services they are registered as: a container, a VM, a pod. */
export interface Instance {
  /** `payments`, `web-0` */
  readonly name: string;
  readonly workloads: readonly Workload[];
  readonly services: readonly ServiceDefinition[];
  readonly address: string;
  /** Consul node that it is registered on. */
  readonly node: { readonly name: string; readonly address: string; readonly meta: Readonly<Record<string, string>> };
  /** Where its services are registered; absent: the implicit datacenter. */
  readonly datacenter?: string;
  /** First inbound port for sidecars: 21000 on VMs, 20000 in pods, as Consul and its Kubernetes injector choose. */
  readonly sidecarPort: number;
  /** See `Registration.elsewhere`. */
  readonly elsewhere?: { readonly address: string; readonly port: number };
}

/** Every port that must be free on the address of an instance. */
export function portsOf(
  workloads: readonly Omit<Workload, 'address'>[],
  services: readonly ServiceDefinition[],
  sidecarPort: number,
): number[] {
  const sidecars = services.flatMap((service) => (service.sidecar ? [service.sidecar] : []));
  return [
    ...new Set([
      ...workloads.flatMap(({ ports, neighbourPorts = [] }) => [...ports.map(({ port }) => port), ...neighbourPorts]),
      ...services.map((service) => service.port),
      ...sidecars.map((sidecar, i) => sidecar.port || sidecarPort + i),
      ...sidecars.flatMap((sidecar) => sidecar.upstreams.map((upstream) => upstream.localPort)),
    ]),
  ].filter((port) => port > 0);
}

export async function startInstance(instance: Instance, context: ApplyContext, options: { adopt: boolean }): Promise<HostedWorkload[]> {
  // Registration first: sidecars get their certificates and configuration while the application is still starting.
  const hosted = await Promise.all(instance.workloads.map((workload) => context.workloads.start(workload, options)));
  await registerInstance(instance, hosted, context);
  return hosted;
}

/** As `registerServices`; what leads to the instance follows the health of its workloads, too. */
export async function registerInstance(instance: Instance, hosted: readonly HostedWorkload[], context: ApplyContext): Promise<void> {
  // Before anything that takes time: who gets ready meanwhile must be heard.
  for (const workload of hosted) workload.status.subscribe(() => context.forwards.refresh());
  await registerServices(instance, hosted, context);
  context.forwards.refresh();
}

/** Registers its services, whose health follows these workloads. */
export async function registerServices(instance: Instance, hosted: readonly HostedWorkload[], context: ApplyContext): Promise<void> {
  const { node, address, sidecarPort, datacenter, elsewhere } = instance;
  const where = { ...(datacenter === undefined ? {} : { datacenter }), ...(elsewhere ? { elsewhere } : {}) };
  for (const service of instance.services) await context.registry.register({ ...where, node, service, address, sidecarPort }, hosted);
}

/** Takes its services out of the registry. */
export async function deregisterInstance({ services, node, datacenter }: Instance, context: ApplyContext): Promise<void> {
  await Promise.all(services.map((service) => context.registry.deregister(node.name, service.id, datacenter)));
}

export async function stopInstance(instance: Instance, context: ApplyContext): Promise<void> {
  // Out of the registry first, so that nobody is sent to a workload that is going away.
  await deregisterInstance(instance, context);
  await Promise.all(instance.workloads.map((workload) => context.workloads.stop(workload.id)));
}

/** True when every workload of the instance is ready. */
export function isReady(workloads: readonly Workload[], context: ApplyContext): boolean {
  return workloads.every((workload) => context.workloads.get(workload.id)?.status.value.phase === 'ready');
}

/** False when a workload has been given up. */
export function isHealthy(workloads: readonly Workload[], context: ApplyContext): boolean {
  return workloads.every((workload) => !['failed', 'stopped', undefined].includes(context.workloads.get(workload.id)?.status.value.phase));
}

export function instanceGuards(instance: Instance, context: ApplyContext): Guard[] {
  const { registry, workloads } = context;
  const node = instance.node.name;
  const guards: Guard[] = instance.workloads.map((workload) => ({
    name: `${workload.name}: ready`,
    wait: (signal) => workloads.get(workload.id)?.ready(signal) ?? Promise.resolve(),
    why: async () => workloads.get(workload.id)?.trouble(),
  }));
  for (const service of instance.services) {
    if (service.gateway)
      guards.push({
        name: `${instance.name}: ${service.gateway.kind} ${service.name} configured`,
        wait: (signal) => registry.sidecarReady(node, service.id, signal, instance.datacenter),
      });
    if (!service.sidecar) continue;
    guards.push({
      name: `${instance.name}: sidecar of ${service.name} configured`,
      wait: (signal) => registry.sidecarReady(node, service.id, signal, instance.datacenter),
    });
    for (const upstream of service.sidecar.upstreams) {
      // No blueprint makes queries: who waited for one would wait for somebody else.
      if (upstream.isQuery) continue;
      guards.push({
        name: `${instance.name}: upstream ${upstream.service} answers over mutual TLS`,
        wait: (signal) => registry.upstreamReady(node, service.id, upstream.service, signal, instance.datacenter),
        why: () => registry.upstreamTrouble(node, service.id, upstream, instance.datacenter),
      });
    }
  }
  return guards;
}
