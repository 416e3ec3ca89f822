import { string } from '../../schema/schema.ts';
import { browsePage } from '../browse.ts';
import type { ApplyContext } from '../context.ts';
import {
  closeHostPorts,
  fixedHostPorts,
  type HostPort,
  hostPortGuards,
  openHostPorts,
  type PortMap,
  reserveHostPorts,
  retreatHostPorts,
} from '../host-ports.ts';
import type { Guard, ResourceType } from '../resource-type.ts';
import type { ClusterSpec } from '../resources/k8s-cluster.ts';
import type { NetworkSpec } from '../resources/network.ts';

export interface IngressPort {
  /** Port of the ingress's own address, if it has one. */
  readonly local: number;
  /** Port of what it leads to. */
  readonly target: number;
  /** Port of 127.0.0.1. */
  readonly host?: number;
  /** See `HostPort`. */
  readonly api?: true;
  readonly optional?: true;
  /** As `open_in_browser` says. */
  readonly open?: string;
}

/** What every form of an ingress is lowered to. */
export interface IngressSpec {
  /** Published name: `container.web`, `k8s_cluster.k3s/default/svc/web`. */
  readonly target: string;
  /** The target is this machine: the ingress publishes it itself. */
  readonly machine?: true;
  readonly ports: readonly IngressPort[];
  /** Where it has an address and names of its own. Absent: only host ports lead to it. */
  readonly inside?: IngressAddress;
}

export interface IngressAddress {
  /** Key of a network or a cluster. */
  readonly of: string;
  readonly wanted?: string;
  readonly names: readonly string[];
}

export interface IngressReserved {
  readonly ports: PortMap;
  /** Its own address. */
  readonly address?: string;
}

/** What happens to an ingress once it is lowered: the same for all its forms. */
export const ingressLifecycle = {
  outputs: {
    fields: {
      local_address: { schema: string(), doc: 'Where it is opened on this machine: `127.0.0.1:18080`.' },
      remote_address: { schema: string(), doc: 'What it leads to: `web.default.svc:9090`.' },
      ingress_id: { schema: string(), doc: 'Its name in the state of mesh.' },
    },
    of({ target, ports, machine }, made) {
      const [first] = ports;
      const opened = made && first?.host !== undefined ? (made.reserved.ports[first.host] ?? first.host) : undefined;
      const local = machine ? `127.0.0.1:${first?.target}` : opened === undefined ? undefined : `127.0.0.1:${opened}`;
      return {
        // Without a port of this machine there is nothing to wait for.
        local_address: first?.host === undefined && !machine ? '' : local,
        remote_address: first ? `${remoteName(target)}:${machine ? first.local : first.target}` : '',
        ingress_id: target,
      };
    },
  },

  async reserve(key, { inside, ports }, context, options) {
    const address = inside && (await allocate(key, inside, ports, context));
    const map = await reserveHostPorts(hostPorts(ports), context, options.ports);
    return { ports: map, ...(address === undefined ? {} : { address }) };
  },

  create(key, spec, reserved, context) {
    if (spec.machine) {
      context.forwards.publish(
        spec.target,
        () => ['127.0.0.1'],
        (port) => port,
      );
    }
    for (const { local, target, address, optional } of innerPorts(spec, reserved)) {
      const ports = { hostPort: local, wantedPort: local, targetPort: target, ...(optional ? { optional } : {}) };
      context.forwards.open({ id: innerId(key, local), address, target: spec.target, ...ports });
    }
    openHostPorts(key, spec.target, hostPorts(spec.ports), reserved.ports, context);
    return Promise.resolve();
  },

  guards: (key, spec, reserved, context) => [
    ...innerPorts(spec, reserved).map(
      ({ local, address }): Guard => ({
        name: `${key}: port ${local} of ${address} accepts`,
        wait: (signal) => context.forwards.ready(innerId(key, local), signal),
        why: async () => context.forwards.trouble(innerId(key, local)),
      }),
    ),
    ...hostPortGuards(key, hostPorts(spec.ports), reserved.ports, context),
  ],

  retreat(key, spec, context) {
    retreatHostPorts(key, hostPorts(spec.ports), context);
    if (spec.inside) for (const { local } of spec.ports) context.forwards.close(innerId(key, local));
  },

  async destroy(key, spec, reserved, context) {
    closeHostPorts(key, hostPorts(spec.ports), reserved?.ports ?? {}, context);
    if (spec.inside) for (const { local } of spec.ports) context.forwards.close(innerId(key, local));
    if (spec.machine) context.forwards.withdraw(spec.target);
    if (reserved?.address !== undefined) await context.release([reserved.address]);
  },

  hostPorts: (spec, apiPort) => fixedHostPorts(hostPorts(spec.ports), apiPort),
  names: (spec) => spec.inside?.names ?? [],
  fixedAddresses: ({ inside }) => (inside?.wanted === undefined ? [] : [inside.wanted]),

  browse: (spec, reserved) =>
    spec.ports.flatMap(({ host, open }) => {
      const page = host === undefined ? undefined : browsePage(open, reserved.ports[host] ?? host);
      return page === undefined ? [] : [page];
    }),
} satisfies Partial<ResourceType<unknown, IngressSpec, IngressReserved>>;

/** `k8s_cluster.k3s/default/svc/web` is known as web.default.svc in its cluster. */
function remoteName(target: string): string {
  const [, namespace, name] = /^[^/]+\/([^/]+)\/svc\/(.+)$/.exec(target) ?? [];
  return name === undefined ? target : `${name}.${namespace}.svc`;
}

function hostPorts(ports: readonly IngressPort[]): HostPort[] {
  return ports.flatMap(({ host, target, api, optional }) =>
    host === undefined ? [] : [{ host, target, ...(api ? { api } : {}), ...(optional ? { optional } : {}) }],
  );
}

const innerPorts = ({ ports }: IngressSpec, { address }: IngressReserved): (IngressPort & { address: string })[] =>
  address === undefined ? [] : ports.map((port) => ({ ...port, address }));

const innerId = (key: string, local: number): string => `${key}/${local}`;

function allocate(key: string, inside: IngressAddress, ports: readonly IngressPort[], context: ApplyContext): Promise<string> {
  const spec = context.record(inside.of).spec as Partial<NetworkSpec & ClusterSpec>;
  return context.allocate({
    owner: key,
    subnet: spec.subnet ?? spec.podSubnet!,
    ports: ports.map((port) => port.local),
    names: inside.names,
    movable: true,
    ...(inside.wanted === undefined ? {} : { wanted: inside.wanted }),
  });
}
