import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, list, object, optional, reference, required, string, withDefault } from '../../schema/schema.ts';
import { insideNetwork, networkAttachment } from '../attachment.ts';
import { findInCluster, portOfTarget, publishedName } from '../ingress/cluster-target.ts';
import { type IngressReserved, type IngressSpec, ingressLifecycle } from '../ingress/lifecycle.ts';
import { ingressPorts, lowerPorts } from '../ingress/ports.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  cluster: required(reference('k8s_cluster'), 'The cluster: "k8s_cluster.k3s".'),
  service: optional(string(), 'Name of a Service.'),
  deployment: optional(string(), 'Name of a Deployment, instead of a Service.'),
  pod: optional(string(), 'Name of a pod, instead of a Service.'),
  namespace: withDefault(string(), 'default', 'Kubernetes namespace of the target.'),
  network: optional(list(networkAttachment), 'Network in which it has an address and a name of its own.'),
  port: required(ingressPorts, 'Ports to open.'),
});

export const k8sIngress = resourceType<Decoded<typeof schema>, IngressSpec, IngressReserved>({
  type: 'k8s_ingress',
  schema,
  doc: 'Ports that lead to a Service, a Deployment or a pod of a cluster.',
  lowerAfter: ['k8s_config', 'helm'],
  lower(config, context) {
    const { field, name } = targetOf(config, context);
    const target = { cluster: config.cluster, namespace: config.namespace, name };
    const service = field === undefined ? undefined : findInCluster(target, field, context);
    const inside = insideNetwork(config.network ?? [], 'ingress', context);
    const ports = lowerPorts(config.port, inside !== undefined, context, (remote, at) => portOfTarget(remote, service, at, context));
    return { target: publishedName(target), ports, ...(inside ? { inside } : {}) };
  },
  ...ingressLifecycle,
});

const FIELDS = { service: 'svc', deployment: 'deployment', pod: 'pod' } as const;

function targetOf(config: Decoded<typeof schema>, context: LowerContext): { field?: string; name: string } {
  const given = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter((field) => config[field] !== undefined);
  const field = given[0];
  if (field === undefined) {
    const detail = 'name what to reach in the cluster: service = "web", deployment = "web" or pod = "web-0"';
    context.report(errorAt(context.header, `k8s_ingress "${context.name}" needs a target`, { detail }));
    return { name: '' };
  }
  if (given[1] !== undefined) {
    context.report(errorAt(context.at(given[1]), `"${field}" and "${given[1]}" can't both be the target`, { detail: 'keep one of them' }));
  }
  return { field, name: `${FIELDS[field]}/${config[field]}` };
}
