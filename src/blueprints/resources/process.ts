import type { Decoded } from '../../schema/schema.ts';
import { string } from '../../schema/schema.ts';
import type { ContainerReserved } from '../container/spec.ts';
import { lowerProcess } from '../process/lower.ts';
import { processSchema } from '../process/schema.ts';
import type { ProcessSpec } from '../process/spec.ts';
import { resourceType } from '../resource-type.ts';
import { containerLife } from './container.ts';

/** Its life is that of a container; beside that it has a central default, and files that are watched. */
export const ownProcess = resourceType<Decoded<typeof processSchema>, ProcessSpec, ContainerReserved>({
  ...containerLife,
  type: 'process',
  schema: processSchema,
  doc: 'A program of yours as a service of the mesh: on an address of its own, registered, with a sidecar, and kept running. It listens on HOST and PORT of its environment, or on all addresses.',
  outputs: {
    fields: {
      address: { schema: string(), doc: 'Where it listens, past the mesh: "127.4.0.2:9090". Known when it was started.' },
      url: { schema: string(), doc: '"http://" and the address; with a host port, that of 127.0.0.1.' },
    },
    of: (_spec, made) => ({ address: undefined, url: undefined, ...(made?.created as Record<string, string> | undefined) }),
  },

  lowerAfter: ['helm'],
  lower: lowerProcess,

  async create(key, spec, reserved, context, options) {
    if (spec.protocol) await context.registry.setProtocolDefault(spec.protocol.service, spec.protocol.protocol, spec.datacenter);
    await containerLife.create(key, spec, reserved, context, options);
    if (spec.watch) context.restartOnChange(spec.workload.id, spec.watch);
    if (spec.port === undefined) return {};
    const reachable = context.workloads.reach(reserved.address, spec.port);
    const address = `${reachable.address}:${reachable.port}`;
    const host = Object.values(reserved.ports)[0];
    return { address, url: `http://${host === undefined ? address : `127.0.0.1:${host}`}` };
  },

  canUpdate: () => false,

  async destroy(key, spec, reserved, context) {
    await containerLife.destroy(key, spec, reserved, context);
    if (spec.protocol) await context.registry.clearProtocolDefault(spec.protocol.service, spec.protocol.protocol, spec.datacenter);
  },
});
