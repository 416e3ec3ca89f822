import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, object, oneOf, optional, reference, required, string } from '../../schema/schema.ts';
import type { LowerContext } from '../resource-type.ts';
import { serviceNames } from '../service-names.ts';
import { findInCluster, portOfTarget, publishedName, serviceAddress } from './cluster-target.ts';
import { containerPort, findContainer } from './container-target.ts';
import type { IngressPort, IngressSpec } from './lifecycle.ts';

const DRIVERS = oneOf('local', 'k8s', 'docker');

const cluster = optional(reference('k8s_cluster'), 'For driver "k8s": the cluster.');

/** The form of an ingress since Shipyard 0.2: from one end to the other. */
export const sourceAndDestination = {
  source: optional(
    object({
      driver: required(DRIVERS, '"local": a port of 127.0.0.1. "k8s": a Service that is made in the cluster.'),
      config: required(
        object({
          cluster,
          address: optional(string(), 'Accepted; the Service in the cluster is called `<name of the ingress>.shipyard.svc`.'),
          port: required(string(), 'The port.'),
          open_in_browser: optional(string(), 'Page to open once it is ready: a path (`/ui`), or a whole URL.'),
        }),
        'Where it listens.',
      ),
    }),
    'Where requests come from.',
  ),
  destination: optional(
    object({
      driver: required(DRIVERS, '"k8s": a Service. "docker": a container. "local": a port of this machine.'),
      config: required(
        object({
          cluster,
          address: optional(
            string(),
            '"web.default.svc" in a cluster, "web.container.shipyard.run" for a container, "localhost" on this machine.',
          ),
          port: required(string(), 'The port: a number, or the name of a port of a Service.'),
        }),
        'Where it is.',
      ),
    }),
    'Where requests go.',
  ),
};

type Source = Decoded<typeof sourceAndDestination.source.schema>;
type Destination = Decoded<typeof sourceAndDestination.destination.schema>;

export function lowerEnds(source: Source, destination: Destination, context: LowerContext): IngressSpec {
  const { target, port: targetPort, machine } = lowerDestination(destination, context);
  const from = containerPort(source.config.port, 'source.config.port', context);
  const open = source.config.open_in_browser;
  // What listens on this machine is started by the user, when they like.
  const mayWait = machine ? { optional: true as const } : {};
  const port: IngressPort = { local: from, target: targetPort, ...mayWait, ...(open === undefined ? {} : { open }) };
  const to = { target, ...(machine ? { machine } : {}) };
  if (source.driver === 'local') return { ...to, ports: [{ ...port, host: from }] };
  if (source.driver === 'docker') {
    const detail = 'known sources: "local" and "k8s"; containers reach each other by their names';
    context.report(errorAt(context.at('source.driver'), 'an ingress can\'t have the source "docker"', { detail }));
  }
  const of = clusterOf('source', source.config.cluster, context);
  // Connector's names: what it brings into a cluster stands in the namespace shipyard.
  const names = serviceNames({ name: context.name.replaceAll('_', '-'), namespace: 'shipyard' });
  return { ...to, ports: [port], inside: { of, names } };
}

function lowerDestination(
  { driver, config: { cluster: key, address = '', port } }: Destination,
  context: LowerContext,
): { target: string; port: number; machine?: true } {
  const at = 'destination.config.port';
  switch (driver) {
    case 'local': {
      if (!['', 'localhost', '127.0.0.1'].includes(address)) {
        const detail = 'the destination "local" is this machine: leave the address out, or write "localhost"';
        context.report(errorAt(context.at('destination.config.address'), `${JSON.stringify(address)} is not this machine`, { detail }));
      }
      return { target: `ingress.${context.name}/machine`, port: containerPort(port, at, context), machine: true };
    }
    case 'docker':
      return {
        target: findContainer(address, 'destination.config.address', context),
        port: containerPort(port, at, context),
      };
    case 'k8s': {
      const service = serviceAddress(address);
      if (!service) {
        const detail = 'expected the name of a Service: "web.default.svc"';
        context.report(
          errorAt(context.at('destination.config.address'), `${JSON.stringify(address)} is not an address in a cluster`, { detail }),
        );
      }
      const { name, namespace } = service ?? { name: '', namespace: '' };
      const target = { cluster: clusterOf('destination', key, context), namespace, name: `svc/${name}` };
      const plan = service && findInCluster(target, 'destination.config.address', context);
      return { target: publishedName(target), port: portOfTarget(port, plan, at, context) };
    }
  }
}

function clusterOf(end: 'source' | 'destination', key: string | undefined, context: LowerContext): string {
  if (key === undefined) {
    const detail = 'name the cluster: cluster = "k8s_cluster.k3s"';
    context.report(errorAt(context.at(`${end}.config`), `the ${end} "k8s" needs "cluster"`, { detail }));
  }
  return key ?? '';
}
