import { isDeepStrictEqual } from 'node:util';
import { any, type Decoded, string } from '../../schema/schema.ts';
import { isConsulAgent } from '../agent-command.ts';
import { attachedTo, fixedIn, subnetOf } from '../attachment.ts';
import { browsePage } from '../browse.ts';
import { changedEntries, droppedEntries } from '../changed-entries.ts';
import { lowerContainer, lowerJumppadContainer } from '../container/lower.ts';
import { containerSchema, jumppadContainerSchema } from '../container/schema.ts';
import { type ContainerReserved, type ContainerSpec, instanceOf, VM_SIDECAR_PORT, workloadsOf } from '../container/spec.ts';
import type { DatacenterSpec } from '../context.ts';
import { closeHostPorts, fixedHostPorts, hostPortGuards, openHostPorts, reserveHostPorts, retreatHostPorts } from '../host-ports.ts';
import { instanceGuards, isHealthy, isReady, portsOf, startInstance, stopInstance } from '../instance.ts';
import { type ResourceType, resourceType } from '../resource-type.ts';
import { removeScratch } from '../volumes.ts';

export type { ContainerSpec } from '../container/spec.ts';

type Life = Omit<ResourceType<unknown, ContainerSpec, ContainerReserved>, 'type' | 'schema' | 'doc' | 'lower' | 'update'>;

/** How something lives that runs on an address of its own: a container, or a program of the user's. */
export const containerLife = {
  async reserve(key, spec, context, options) {
    const { wanted } = spec.network;
    const subnet = subnetOf(spec.network, context);
    const ports = portsOf([spec.workload], spec.services, VM_SIDECAR_PORT);
    const address = await context.allocate({
      owner: key,
      subnet,
      ports,
      names: spec.workload.names,
      ...(wanted === undefined ? {} : { wanted }),
    });
    return { address, ports: await reserveHostPorts(spec.hostPorts, context, options.ports) };
  },

  async create(key, spec, reserved, context, options) {
    if (spec.consul) await context.datacenters.open(key, datacenterOf(spec, reserved));
    await startInstance(instanceOf(spec, reserved), context, options);
    // Who was taken over has written them, and somebody may have changed them since.
    if (spec.entries && !options.adopt) await context.registry.putEntries(spec.entries, spec.datacenter, context.record(key));
    const workloads = workloadsOf(spec, reserved);
    context.forwards.publish(
      key,
      () => (isReady(workloads, context) ? [reserved.address] : []),
      (port) => port,
    );
    openHostPorts(key, key, spec.hostPorts, reserved.ports, context);
  },

  holdsOthers: (spec) => spec.consul !== undefined,

  guards: (key, spec, reserved, context) => [
    ...instanceGuards(instanceOf(spec, reserved), context),
    ...hostPortGuards(key, spec.hostPorts, reserved.ports, context),
  ],

  retreat: (key, spec, context) => retreatHostPorts(key, spec.hostPorts, context),

  async destroy(key, spec, reserved, context) {
    closeHostPorts(key, spec.hostPorts, reserved?.ports ?? {}, context);
    context.forwards.withdraw(key);
    await stopInstance(instanceOf(spec, reserved ?? NOTHING), context);
    // Commands beside it may have left files.
    if (spec.stoodFor) await context.workloads.stop(spec.workload.id);
    await removeScratch(spec.workload, context.workloads);
    if (spec.consul && reserved) await context.datacenters.close(key, datacenterOf(spec, reserved));
    if (reserved) await context.release([reserved.address]);
  },

  healthy: (spec, reserved, context) => isHealthy(workloadsOf(spec, reserved), context),
  hostPorts: (spec, apiPort) => fixedHostPorts(spec.hostPorts, apiPort),
  names: (spec) => spec.workload.names,
  fixedAddresses: fixedIn,
  browse: (spec, { ports }) => (spec.pages ?? []).flatMap(({ host, path }) => browsePage(path, ports[host] ?? host) ?? []),
} satisfies Life;

/** What only a container does: it may be a server of Consul. */
const serverLife = {
  // Others join the datacenters that servers are.
  lowerFirst: isConsulAgent,

  outputs: {
    fields: {
      container_name: { schema: string(), doc: 'Its name in networks.' },
      network: {
        schema: any(),
        doc: 'Its network: `id`, `name`, `ip_address`, `aliases`, and `assigned_address`, the address that it has there.',
      },
      image: { schema: any(), doc: 'Its image: `name`, and `id`.' },
    },
    of({ workload, network }, made) {
      const { names, image } = workload;
      return {
        container_name: names.find((one) => one.endsWith('.local.jmpd.in')) ?? names[0] ?? workload.name,
        network: attachedTo(network, names.slice(1), made?.reserved.address),
        image: { name: image, id: image },
      };
    },
  },

  // What is registered in a datacenter would go with it.
  canUpdate: (before, after) => before.consul !== undefined && isDeepStrictEqual(withoutEntries(before), withoutEntries(after)),

  async update(key, { spec, reserved }, after, context) {
    const [had, has] = [spec.consul!.entries, after.consul!.entries];
    await context.registry.putEntries(changedEntries(had, has), after.datacenter, context.record(key));
    await context.registry.removeEntries(droppedEntries(had, has), after.datacenter);
    return reserved;
  },

  doc: 'One application: a process of its own, on an address of its own. One that runs `consul agent` as a server is a datacenter of the agent.',
} satisfies Partial<ResourceType<Parameters<typeof isConsulAgent>[0], ContainerSpec, ContainerReserved>>;

export const container = resourceType<Decoded<typeof containerSchema>, ContainerSpec, ContainerReserved>({
  ...containerLife,
  ...serverLife,
  type: 'container',
  schema: containerSchema,
  lower: lowerContainer,
});

export const jumppadContainer = resourceType<Decoded<typeof jumppadContainerSchema>, ContainerSpec, ContainerReserved>({
  ...containerLife,
  ...serverLife,
  type: 'container',
  dialect: 'jumppad',
  schema: jumppadContainerSchema,
  lower: lowerJumppadContainer,
});

/** What makes it another server: not what its command and its files say otherwise, which it reads only when it starts. */
function withoutEntries({ workload, ...spec }: ContainerSpec): unknown {
  const { command: _, env: __, mounts: ___, ...rest } = workload;
  return { ...spec, workload: rest, consul: { ...spec.consul, entries: [] } };
}

const NOTHING: ContainerReserved = { address: '', ports: {} };

function datacenterOf({ consul, workload }: ContainerSpec, { address }: ContainerReserved): DatacenterSpec {
  const { datacenter: name, node, httpPort, entries, beside } = consul!;
  return { name, node, httpPort, entries, beside, image: workload.image, address };
}
