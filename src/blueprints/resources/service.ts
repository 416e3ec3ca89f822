import type { Decoded } from '../../schema/schema.ts';
import { subnetOf } from '../attachment.ts';
import { VM_SIDECAR_PORT } from '../container/spec.ts';
import { type Instance, instanceGuards, portsOf, registerServices, stopInstance } from '../instance.ts';
import { resourceType } from '../resource-type.ts';
import { lowerService, type ServiceSpec, serviceSchema } from '../service/lower.ts';

interface Reserved {
  /** Of its sidecar. */
  readonly address: string;
}

export const service = resourceType<Decoded<typeof serviceSchema>, ServiceSpec, Reserved>({
  type: 'service',
  schema: serviceSchema,
  doc: 'Something that runs elsewhere, registered: a database of this machine, a host in the network. It is passing while its checks pass, which are made for real, and has a sidecar here, so that services of the mesh call it as any other.',
  lowerAfter: ['helm'],
  lower: lowerService,

  async reserve(key, spec, context) {
    // It is its sidecar's: what it listens on itself is elsewhere.
    const sidecars = spec.services.map((one) => ({ ...one, port: 0 }));
    const ports = portsOf([], sidecars, VM_SIDECAR_PORT);
    return { address: await context.allocate({ owner: key, subnet: subnetOf({}, context), ports, names: [] }) };
  },

  async create(_key, spec, reserved, context) {
    const { protocol, address } = spec;
    if (protocol) await context.registry.setProtocolDefault(protocol.service, protocol.protocol, spec.datacenter);
    const { port } = spec.services[0]!;
    // An address of a blueprint stands for another one of this machine.
    const isOurs = context.addressHolder(address) !== undefined;
    const elsewhere = isOurs ? context.workloads.reach(address, port) : { address, port };
    const hosted = await context.workloads.observe({ ...spec.workload, address }, elsewhere.address);
    await registerServices({ ...instanceOf(spec, reserved), elsewhere }, [hosted], context);
  },

  guards: (_key, spec, reserved, context) => instanceGuards(instanceOf(spec, reserved), context),

  async destroy(_key, spec, reserved, context) {
    const { protocol } = spec;
    await stopInstance(instanceOf(spec, reserved ?? { address: '' }), context);
    if (protocol) await context.registry.clearProtocolDefault(protocol.service, protocol.protocol, spec.datacenter);
    if (reserved) await context.release([reserved.address]);
  },
});

function instanceOf({ workload, address, services, datacenter }: ServiceSpec, reserved: Reserved): Instance {
  return {
    name: workload.name,
    workloads: [{ ...workload, address }],
    services,
    address: reserved.address,
    node: { name: workload.name, address: reserved.address, meta: {} },
    sidecarPort: VM_SIDECAR_PORT,
    ...(datacenter === undefined ? {} : { datacenter }),
  };
}
