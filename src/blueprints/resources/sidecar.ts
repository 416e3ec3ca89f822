import { errorAt } from '../../base/diagnostic.ts';
import { listenPorts } from '../../base/listen-ports.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Workload } from '../../base/workload.ts';
import { builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import { type Decoded, object, reference, required } from '../../schema/schema.ts';
import { lowerReadiness } from '../container/readiness.ts';
import { lowerRegistrations, type Registrations } from '../container/registrations.ts';
import { imageFields } from '../container/schema.ts';
import { type ContainerReserved, type ContainerSpec, VM_SIDECAR_PORT } from '../container/spec.ts';
import type { ApplyContext } from '../context.ts';
import { environmentOf } from '../environment.ts';
import { instanceGuards, isHealthy, portsOf } from '../instance.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { lowerVolumes } from '../volumes.ts';

const schema = object({
  target: required(reference('container'), 'The container whose address it shares: "container.web".'),
  ...imageFields,
});

export interface SidecarSpec extends Registrations {
  readonly target: string;
  /** Absent: it only registers services, and the data plane is their proxy. */
  readonly workload?: Omit<Workload, 'address'>;
}

interface Reserved {
  /** That of its target. */
  readonly address: string;
}

export const sidecar = resourceType<Decoded<typeof schema>, SidecarSpec, Reserved>({
  type: 'sidecar',
  schema,
  doc: 'A second workload on the address of a container. With the image nicholasjackson/consul-envoy: services and their proxies.',

  async lower(config, context) {
    const image = builtinImage(config.image.name);
    if (!image) {
      const hint = unresolvedImageHint(config.image.name);
      context.report(errorAt(context.at('image.name'), `image ${JSON.stringify(config.image.name)} can't run here`, { hint }));
    }
    const env = environmentOf(config);
    const mounts = await lowerVolumes(config.volume ?? [], context);
    const none: Registrations = { services: [] };
    const registrations = image?.registers ? await lowerRegistrations(config, { vm: image.vm, env, mounts }, context) : none;
    const spec = { target: config.target, ...registrations };
    if (image?.program === 'consul') {
      checkCommand(config, spec, context);
      return spec;
    }
    const ports = [...new Set([...listenPorts({ ...image?.env, ...env }), ...spec.services.map((service) => service.port)])];
    const workload: SidecarSpec['workload'] = {
      id: `sidecar.${context.name}`,
      name: context.name,
      image: config.image.name,
      ...(config.entrypoint ? { entrypoint: config.entrypoint } : {}),
      ...(config.command ? { command: config.command } : {}),
      env,
      ports: ports.filter((port) => port > 0).map((port) => ({ port })),
      upstreamPorts: upstreamPortsOf(spec),
      names: [],
      mounts,
      readiness: lowerReadiness(config.health_check, ports, spec.services, context),
      liveness: [],
      stopDeadlineMs: 10_000,
    };
    return { ...spec, workload };
  },

  amend(spec, specs) {
    const target = specs.get(spec.target) as ContainerSpec | undefined;
    if (!target) return;
    // What its application calls localhost:9091 is an upstream of this proxy.
    const upstreamPorts = [...new Set([...target.workload.upstreamPorts, ...upstreamPortsOf(spec)])];
    specs.set(spec.target, { ...target, workload: { ...target.workload, upstreamPorts } });
  },

  async reserve(_key, spec, context) {
    const { address } = context.record(spec.target).reservation as ContainerReserved;
    const ports = portsOf(spec.workload ? [spec.workload] : [], spec.services, VM_SIDECAR_PORT);
    // Where instances share one address, each port is mapped: these are more ports of the target's.
    await context.allocate({ owner: spec.target, subnet: '', wanted: address, ports, names: [] });
    return { address };
  },

  async create(_key, spec, reserved, context, options) {
    const own = spec.workload ? [await context.workloads.start({ ...spec.workload, address: reserved.address }, options)] : [];
    const workloads = [...targetsOf(spec, context), ...own];
    const { node, datacenter } = instanceOf(spec, reserved, context);
    for (const service of spec.services) {
      const registration = { node, service, address: reserved.address, sidecarPort: VM_SIDECAR_PORT };
      await context.registry.register({ ...registration, ...(datacenter === undefined ? {} : { datacenter }) }, workloads);
    }
    if (spec.entries) await context.registry.putEntries(spec.entries, spec.datacenter);
  },

  guards: (_key, spec, reserved, context) => instanceGuards(instanceOf(spec, reserved, context), context),

  async destroy(_key, spec, reserved, context) {
    if (reserved) {
      const { node } = instanceOf(spec, reserved, context);
      for (const service of spec.services) await context.registry.deregister(node.name, service.id, spec.datacenter);
    }
    if (spec.workload) await context.workloads.stop(spec.workload.id);
  },

  healthy: (spec, reserved, context) => isHealthy(spec.workload ? [{ ...spec.workload, address: reserved.address }] : [], context),
});

const upstreamPortsOf = ({ services }: Registrations): number[] =>
  services.flatMap((service) => service.sidecar?.upstreams.map((upstream) => upstream.localPort) ?? []);

/** On the health of its target depends that of the services. */
function targetsOf({ target }: SidecarSpec, context: ApplyContext) {
  const { workload } = context.record(target).spec as ContainerSpec;
  return [context.workloads.get(workload.id)].filter((hosted) => hosted !== undefined);
}

/** Registered on the node of its target: both are one machine. */
function instanceOf(spec: SidecarSpec, { address }: Reserved, context: ApplyContext) {
  const { name } = (context.record(spec.target).spec as ContainerSpec).workload;
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
function checkCommand(config: Decoded<typeof schema>, { services }: Registrations, context: LowerContext): void {
  const words = [...(config.entrypoint ?? []), ...(config.command ?? [])];
  const at = context.at(config.command ? 'command' : 'entrypoint');
  const report = (summary: string, detail: string, more: { hint?: string } = {}) =>
    context.report(errorAt(at, summary, { detail, ...more }));
  const connect = words.indexOf('connect');
  if (words.some((word) => /^--?gateway=/.test(word))) {
    report('gateways are not supported by this version of mesh yet', 'take this sidecar out, or disable it: disabled = true');
    return;
  }
  if (words.length > 0 && (connect === -1 || words[connect + 1] !== 'envoy')) {
    const image = JSON.stringify(config.image.name);
    report(
      `image ${image} is only a proxy beside a container`,
      'expected the command: ["consul", "connect", "envoy", "-sidecar-for", "web"]',
    );
    return;
  }
  const id = flag(words, 'sidecar-for');
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

function flag(words: readonly string[], name: string): string | undefined {
  for (const [i, word] of words.entries()) {
    const match = new RegExp(`^--?${name}(?:=(.*))?$`).exec(word);
    if (match) return match[1] ?? words[i + 1] ?? '';
  }
  return undefined;
}
