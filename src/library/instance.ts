import { checksOf, nodeOf, serviceOf, sidecarOf } from '../app/agent/registration.ts';
import { hostPort } from '../base/host-port.ts';
import type { Registration } from '../blueprints/context.ts';
import type { Op } from '../catalog/types.ts';
import { serviceIdentity } from '../pki/spiffe.ts';
import { LOOPBACK } from './held-ports.ts';
import type { InstanceInfo } from './types.ts';
import type { World } from './world.ts';

/** What is registered of one instance. Each is a node of its own, as if it ran on a machine of its own. */
export interface InstanceRecord {
  readonly id: string;
  readonly service: string;
  readonly nodeId: string;
  /** Of the application. */
  readonly address: string;
  readonly port: number;
  readonly sidecarPort: number;
  /** Local ports by name of the upstream. */
  readonly upstreams: ReadonlyMap<string, number>;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export const sidecarId = (id: string): string => `${id}-sidecar-proxy`;

const asItIs = (address: string, port: number): { address: string; port: number } => ({ address, port });

/** Node, service, sidecar and checks in one step. */
export function registration(record: InstanceRecord, dc: string, health: 'passing' | 'critical'): Op {
  const described = describe(record);
  return {
    type: 'register',
    dc,
    node: nodeOf(described, dc, record.nodeId, asItIs),
    services: [{ ...serviceOf(described, asItIs), Weights: { Passing: 1, Warning: 1 } }, sidecarOf(described, asItIs)],
    checks: checksOf(described, health, 'passing'),
  };
}

function describe({ id, service, address, port, sidecarPort, upstreams, tags, meta, config }: InstanceRecord): Registration {
  return {
    node: { name: id, address: LOOPBACK, meta: { 'synthetic-node': 'true' } },
    address: LOOPBACK,
    elsewhere: { address, port },
    sidecarPort,
    service: {
      name: service,
      id,
      port,
      address: '',
      tags,
      meta,
      checks: [],
      sidecar: {
        port: sidecarPort,
        config,
        upstreams: Array.from(upstreams, ([name, localPort]) => ({
          service: name,
          datacenter: '',
          localAddress: LOOPBACK,
          localPort,
          config: {},
        })),
      },
    },
  };
}

export function infoOf({ id, service, address, port, sidecarPort }: InstanceRecord, world: World): InstanceInfo {
  return {
    id,
    service,
    address: hostPort(address, port),
    sidecar: hostPort(LOOPBACK, sidecarPort),
    identity: serviceIdentity(world.plane.trustDomain, world.datacenter, service),
  };
}
