import type { Workload } from '../../base/workload.ts';
import type { ContainerReserved, ContainerSpec } from '../container/spec.ts';

/** A command with the environment, the mounts and the address of a container; its own are stronger. */
export function beside(target: { readonly spec: unknown; readonly reservation: unknown }, own: Omit<Workload, 'address'>): Workload {
  const { workload: of, consul } = target.spec as ContainerSpec;
  const { address } = target.reservation as ContainerReserved;
  // In the container of a server, Consul's command line finds it without being told.
  const server = consul ? { CONSUL_HTTP_ADDR: `http://${address}:${consul.httpPort}` } : {};
  return {
    ...own,
    image: of.image,
    env: { ...server, ...of.env, ...own.env },
    ports: of.ports,
    upstreamPorts: of.upstreamPorts,
    ...(of.neighbourPorts ? { neighbourPorts: of.neighbourPorts } : {}),
    mounts: [...of.mounts, ...own.mounts],
    address,
  };
}
