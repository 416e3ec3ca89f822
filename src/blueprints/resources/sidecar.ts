import { errorAt } from '../../base/diagnostic.ts';
import { listenPorts } from '../../base/listen-ports.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Probe, Workload } from '../../base/workload.ts';
import { builtinImage } from '../../images/builtin.ts';
import { type Decoded, object, reference, required, string } from '../../schema/schema.ts';
import { connectEnvoy } from '../connect-envoy.ts';
import { isGatewayCommand, withGateway } from '../container/gateway.ts';
import { lowerHealthCheck } from '../container/health-check.ts';
import { lowerImage } from '../container/image.ts';
import { lowerReadiness } from '../container/readiness.ts';
import { lowerRegistrations, type Registrations, upstreamPortsOf } from '../container/registrations.ts';
import { imageFields, jumppadImageFields } from '../container/schema.ts';
import { type ContainerReserved, type ContainerSpec, VM_SIDECAR_PORT } from '../container/spec.ts';
import type { ApplyContext } from '../context.ts';
import { environmentOf } from '../environment.ts';
import { type Instance, instanceGuards, isHealthy, portsOf, registerServices, stopInstance } from '../instance.ts';
import { mappingFor, runMapped, warnOfUnusedCommand } from '../mapped-image.ts';
import { type LowerContext, type ResourceType, resourceType } from '../resource-type.ts';
import { lowerVolumes, removeScratch } from '../volumes.ts';

const schema = object({
  target: required(reference('container'), 'The container whose address it shares: "container.web".'),
  ...imageFields,
});

const jumppadSchema = object({
  target: required(reference('container'), 'The container whose address it shares: `resource.container.web`.'),
  ...jumppadImageFields,
});

/** What both spellings come to. */
type Config = Omit<Decoded<typeof schema>, 'health_check'> & Pick<Decoded<typeof jumppadSchema>, 'environment'>;

type Readiness = (ports: readonly number[], services: Registrations['services']) => Probe[];

export interface SidecarSpec extends Registrations {
  readonly target: string;
  /** Absent: it only registers services, and the data plane is their proxy. */
  readonly workload?: Omit<Workload, 'address'>;
}

/** What happens to a sidecar once it is lowered: the same in both spellings. */
const lifecycle = {
  outputs: {
    fields: { container_name: { schema: string(), doc: 'The name in networks that it shares with its target.' } },
    of: ({ target }) => ({ container_name: `${target.slice(target.indexOf('.') + 1)}.container.shipyard.run` }),
  },
  amend(spec, specs) {
    const target = specs.get(spec.target) as Partial<ContainerSpec> | undefined;
    // The target may be something else, which has been reported.
    const workload = target?.workload;
    if (!workload) return;
    // What its application calls localhost:9091 is an upstream of this proxy, and where it listens may be known only here.
    const upstreamPorts = [...new Set([...workload.upstreamPorts, ...upstreamPortsOf(spec)])];
    const own = spec.services.filter(({ port }) => port > 0 && !workload.ports.some((known) => known.port === port));
    const ports = [...workload.ports, ...own.map(({ port }) => ({ port }))];
    const beside = spec.workload?.ports.map(({ port }) => port) ?? [];
    const neighbourPorts = [...new Set([...(workload.neighbourPorts ?? []), ...beside])];
    const shared = neighbourPorts.length === 0 ? {} : { neighbourPorts };
    specs.set(spec.target, { ...target, workload: { ...workload, upstreamPorts, ports, ...shared } });
  },

  async create(key, spec, _reserved, context, options) {
    const instance = instanceOf(spec, context);
    const ports = portsOf(instance.workloads, spec.services, instance.sidecarPort);
    // Where instances share one address, each port is mapped: these are more ports of the target's.
    await context.allocate({ owner: spec.target, subnet: '', wanted: instance.address, ports, names: [] });
    const own = await Promise.all(instance.workloads.map((workload) => context.workloads.start(workload, options)));
    await registerServices(instance, [...targetsOf(spec, context), ...own], context);
    if (spec.entries) await context.registry.putEntries(spec.entries, spec.datacenter, context.record(key));
  },

  guards: (_key, spec, _reserved, context) => instanceGuards(instanceOf(spec, context), context),
  async destroy(_key, spec, _reserved, context) {
    await stopInstance(instanceOf(spec, context), context);
    if (spec.workload) await removeScratch(spec.workload, context.workloads);
  },
  healthy: (spec, _reserved, context) => isHealthy(instanceOf(spec, context).workloads, context),
} satisfies Partial<ResourceType<unknown, SidecarSpec, undefined>>;

const DOC = 'A second workload on the address of a container. With the image nicholasjackson/consul-envoy: services and their proxies.';

export const sidecar = resourceType<Decoded<typeof schema>, SidecarSpec, undefined>({
  ...lifecycle,
  type: 'sidecar',
  schema,
  doc: DOC,
  lower: (config, context) =>
    lowerSidecar(config, (ports, services) => lowerReadiness(config.health_check, ports, services, context), context),
});

export const jumppadSidecar = resourceType<Decoded<typeof jumppadSchema>, SidecarSpec, undefined>({
  ...lifecycle,
  type: 'sidecar',
  dialect: 'jumppad',
  schema: jumppadSchema,
  doc: DOC,
  lower(config, context) {
    const probes = config.health_check && lowerHealthCheck(config.health_check, (port) => port, context);
    const readiness: Readiness = (ports, services) => (probes?.length ? probes : lowerReadiness(undefined, ports, services, context));
    return lowerSidecar(config, readiness, context);
  },
});

async function lowerSidecar(config: Config, readiness: Readiness, context: LowerContext): Promise<SidecarSpec> {
  const image = lowerImage(config.image.name, context);
  const env = environmentOf(config);
  const mounts = await lowerVolumes(config.volume ?? [], `sidecar.${context.name}`, context);
  const none: Registrations = { services: [] };
  const isGateway = image?.program === 'consul' && isGatewayCommand(config);
  const registrations =
    image && (image.registers || isGateway) ? await lowerRegistrations(config, { vm: image.vm, isGateway, env, mounts }, context) : none;
  const spec = { target: config.target, ...registrations };
  if (isGateway) return { ...spec, services: withGateway(config, registrations.services, context) };
  if (image?.program === 'consul') {
    checkCommand(config, spec, context);
    return spec;
  }
  warnOfUnusedCommand({ ...config, image: config.image.name }, config.entrypoint ? 'entrypoint' : 'command', context);
  const mapped = mappingFor(config.image.name, context.images)?.ports ?? [];
  const listens = [...listenPorts({ ...image?.env, ...env }), ...mapped];
  checkPorts(listens, config.target, context);
  const ports = [...new Set([...listens, ...spec.services.map((service) => service.port)])];
  const workload: SidecarSpec['workload'] = runMapped(
    {
      id: `sidecar.${context.name}`,
      name: context.name,
      image: config.image.name,
      ...(config.entrypoint ? { entrypoint: config.entrypoint } : {}),
      ...(config.command ? { command: config.command } : {}),
      env,
      ports: ports.filter((port) => port > 0).map((port) => ({ port })),
      upstreamPorts: upstreamPortsOf(spec),
      neighbourPorts: portsBeside(config.target, context),
      names: [],
      mounts,
      readiness: readiness(ports, spec.services),
      liveness: [],
      stopDeadlineMs: 10_000,
    },
    context.images,
  );
  return { ...spec, workload };
}

/** What else listens on the address of a target: itself, and those that stand beside it, as far as they are known. */
function workloadsBeside(target: string, context: LowerContext): { key: string; workload: Omit<Workload, 'address'> }[] {
  const others = context.resources('sidecar').filter(({ spec }) => (spec as SidecarSpec).target === target);
  return [{ key: target, spec: context.spec(target) }, ...others].flatMap(({ key, spec }) => {
    const { workload } = (spec ?? {}) as Partial<SidecarSpec>;
    return workload ? [{ key, workload }] : [];
  });
}

const portsBeside = (target: string, context: LowerContext): number[] =>
  workloadsBeside(target, context).flatMap(({ workload }) => workload.ports.map(({ port }) => port));

/** One address, one listener: what both say that they listen on, not what only leads there. */
function checkPorts(ports: readonly number[], target: string, context: LowerContext): void {
  for (const { key, workload } of workloadsBeside(target, context)) {
    const taken = listenPorts({ ...builtinImage(workload.image)?.env, ...workload.env }).find((port) => ports.includes(port));
    if (taken === undefined || key === `sidecar.${context.name}`) continue;
    context.report(
      errorAt(context.header, `sidecar "${context.name}" listens on port ${taken}, as ${key} does`, {
        detail: `it shares the address of ${target}`,
        hint: 'let one of them listen on another port: LISTEN_ADDR = "0.0.0.0:9099"',
      }),
    );
  }
}

/** On the health of its target depends that of the services. */
function targetsOf({ target }: SidecarSpec, context: ApplyContext) {
  const { workload } = context.record(target).spec as ContainerSpec;
  return [context.workloads.get(workload.id)].filter((hosted) => hosted !== undefined);
}

/** Registered on the node of its target: both are one machine. */
function instanceOf(spec: SidecarSpec, context: ApplyContext): Instance {
  const { spec: target, reservation } = context.record(spec.target);
  const { name } = (target as ContainerSpec).workload;
  // Absent when the target itself could not be made.
  const { address } = (reservation ?? { address: '' }) as ContainerReserved;
  return {
    name: spec.workload?.name ?? name,
    workloads: spec.workload ? [{ ...spec.workload, address }] : [],
    services: spec.services,
    address,
    node: { name, address, meta: {} },
    sidecarPort: VM_SIDECAR_PORT,
    ...(spec.datacenter === undefined ? {} : { datacenter: spec.datacenter }),
  };
}

/** `consul connect envoy -sidecar-for web-1`: the proxy of a service that it registers, or that its target has. */
function checkCommand(config: Config, { services }: Registrations, context: LowerContext): void {
  const words = [...(config.entrypoint ?? []), ...(config.command ?? [])];
  const at = context.at(config.command ? 'command' : 'entrypoint');
  const report = (summary: string, detail: string, more: { hint?: string } = {}) =>
    context.report(errorAt(at, summary, { detail, ...more }));
  const envoy = connectEnvoy(config);
  if (words.length > 0 && !envoy) {
    const image = JSON.stringify(config.image.name);
    report(
      `image ${image} is only a proxy beside a container`,
      'expected the command: ["consul", "connect", "envoy", "-sidecar-for", "web"]',
    );
    return;
  }
  const id = envoy?.flag('sidecar-for');
  const target = context.spec(config.target) as Partial<ContainerSpec> | undefined;
  const ids = [...services, ...(target?.services ?? [])].filter((service) => service.sidecar).map((service) => service.id);
  if (id !== undefined && !ids.includes(id)) {
    const known = ids.length === 0 ? 'no service is registered here' : `there are: ${ids.join(', ')}`;
    report(
      `-sidecar-for ${id} is no service with a sidecar`,
      `${known}; SERVICE_CONFIG names the file that defines them`,
      didYouMean(id, ids),
    );
  } else if (services.length === 0 && id === undefined) {
    report(`sidecar "${context.name}" is the proxy of nothing`, 'name a service file in SERVICE_CONFIG, or a service with -sidecar-for');
  }
}
