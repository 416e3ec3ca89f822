import type { ServiceDefinition } from '../../base/registration.ts';
import type { Workload } from '../../base/workload.ts';
import type { EntryBase } from '../../entries/kind.ts';
import type { Attached } from '../attachment.ts';
import type { ConsulServer } from '../consul-server.ts';
import type { HostPort, PortMap } from '../host-ports.ts';
import type { Instance } from '../instance.ts';

export interface ContainerSpec {
  readonly workload: Omit<Workload, 'address'>;
  /** Absent: it runs. `agent`: its command is a Consul agent, which this agent stands for. `gateway`: it is a gateway, which the data plane serves. */
  readonly stoodFor?: 'agent' | 'gateway';
  /** Ports that a gateway serves once it is there; which others depends on entries that somebody else writes. */
  readonly listens?: readonly number[];
  readonly network: Attached;
  readonly services: readonly ServiceDefinition[];
  /** Where its services are registered; absent: the implicit datacenter. */
  readonly datacenter?: string;
  /** Config entries that it writes when it starts. */
  readonly entries?: readonly EntryBase[];
  /** It is a Consul server. */
  readonly consul?: ConsulServer;
  readonly hostPorts: readonly HostPort[];
  /** Pages to open: `http://localhost:9090/ui`, by host port. */
  readonly pages?: readonly { readonly host: number; readonly path: string }[];
}

export interface ContainerReserved {
  readonly address: string;
  readonly ports: PortMap;
}

/** Where Consul's agent puts the sidecars of services on a VM. */
export const VM_SIDECAR_PORT = 21000;

export function workloadsOf(spec: ContainerSpec, { address }: ContainerReserved): Workload[] {
  return spec.stoodFor ? [] : [{ ...spec.workload, address }];
}

export function instanceOf(spec: ContainerSpec, reserved: ContainerReserved): Instance {
  const { name } = spec.workload;
  return {
    name,
    workloads: workloadsOf(spec, reserved),
    services: spec.services,
    address: reserved.address,
    node: { name: spec.consul?.node ?? name, address: reserved.address, meta: {} },
    sidecarPort: VM_SIDECAR_PORT,
    ...(spec.datacenter === undefined ? {} : { datacenter: spec.datacenter }),
  };
}
