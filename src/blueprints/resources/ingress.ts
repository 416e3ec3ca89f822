import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, list, object, optional, reference, string, withDefault } from '../../schema/schema.ts';
import { insideNetwork, networkAttachment } from '../attachment.ts';
import { findInCluster, kubeName, portOfTarget, publishedName } from '../ingress/cluster-target.ts';
import { containerPort, toContainer } from '../ingress/container-target.ts';
import { lowerEnds, sourceAndDestination } from '../ingress/ends.ts';
import { type IngressReserved, type IngressSpec, ingressLifecycle } from '../ingress/lifecycle.ts';
import { ingressPorts, lowerPorts } from '../ingress/ports.ts';
import { groupWithPort, portOfGroup } from '../nomad/target.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  target: optional(
    reference('container', 'k8s_cluster', 'nomad_cluster'),
    'What it leads to: "container.web", "k8s_cluster.k3s" or "nomad_cluster.dev".',
  ),
  service: optional(string(), 'In a cluster: "svc/web", "deployment/web", "statefulset/web" or the name of a pod.'),
  namespace: withDefault(string(), 'default', 'Kubernetes namespace of the service.'),
  network: optional(list(networkAttachment), 'Network in which it has an address and a name of its own: `web.ingress.shipyard.run`.'),
  port: optional(ingressPorts, 'Ports to open. Needed with `target`.'),
  ...sourceAndDestination,
});

type Config = Decoded<typeof schema>;

export const ingress = resourceType<Config, IngressSpec, IngressReserved>({
  type: 'ingress',
  schema,
  doc: 'Ports that lead to a container or into a cluster, or out of it. Either with `target` and `port`, or with `source` and `destination`.',
  lowerAfter: ['k8s_config', 'helm', 'nomad_job'],
  lower(config, context) {
    const { target, source, destination } = config;
    if (target !== undefined) return lowerTarget(config, target, context);
    if (source && destination) return lowerEnds(source, destination, context);
    const missing = source ? '"destination"' : destination ? '"source"' : '"target"';
    const detail = 'write target = "container.web" with a port block, or the blocks source and destination';
    context.report(errorAt(context.header, `ingress "${context.name}" needs ${missing}`, { detail }));
    return { target: '', ports: [] };
  },
  ...ingressLifecycle,
});

function lowerTarget(config: Config, target: string, context: LowerContext): IngressSpec {
  for (const end of ['source', 'destination'] as const) {
    if (config[end])
      context.report(errorAt(context.at(end), `"${end}" can't stand beside "target"`, { detail: 'an ingress has one of the two forms' }));
  }
  if (config.port === undefined) {
    const detail = 'write it as: port { local = 9090 remote = 9090 host = 9090 }';
    context.report(errorAt(context.header, `ingress "${context.name}" needs "port"`, { detail }));
  }
  const inside = insideNetwork(config.network ?? [], 'ingress', context);
  const lowered = (name: string, portOf: (remote: string, at: string) => number): IngressSpec => ({
    target: name,
    ports: lowerPorts(config.port ?? [], inside !== undefined, context, portOf),
    ...(inside ? { inside } : {}),
  });
  if (target.startsWith('container.')) {
    if (config.service !== undefined) {
      const detail = 'a container has no services; leave it out';
      context.report(errorAt(context.at('service'), '"service" is for ingresses to a cluster', { detail }));
    }
    return toContainer(
      lowered(target, (remote, at) => containerPort(remote, at, context)),
      context,
    );
  }
  if (target.startsWith('nomad_cluster.')) return lowerNode(config, target, lowered, context);
  if (!target.startsWith('k8s_cluster.')) return { target, ports: [] };
  if (config.service === undefined) {
    const detail = 'name what to reach in the cluster: service = "svc/web"';
    context.report(errorAt(context.header, `ingress "${context.name}" needs "service" because its target is a cluster`, { detail }));
    return { target: '', ports: [] };
  }
  const place = { cluster: target, namespace: config.namespace, name: kubeName(config.service) };
  const service = findInCluster(place, 'service', context);
  return lowered(publishedName(place), (remote, at) => portOfTarget(remote, service, at, context));
}

/** A node of Nomad has the static ports of its jobs. */
function lowerNode(
  config: Config,
  target: string,
  lowered: (name: string, portOf: (remote: string, at: string) => number) => IngressSpec,
  context: LowerContext,
): IngressSpec {
  const [first] = config.port ?? [];
  if (!first) return { target, ports: [] };
  const found = groupWithPort(target, first.remote, 'port[0].remote', context);
  return lowered(found.published, (remote, at) => portOfGroup(remote, found, at, context));
}
