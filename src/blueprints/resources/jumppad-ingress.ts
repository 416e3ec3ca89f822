import { errorAt } from '../../base/diagnostic.ts';
import { bool, type Decoded, int, map, object, optional, reference, required, string, withDefault } from '../../schema/schema.ts';
import { findInCluster, kubeName, portOfTarget, publishedName } from '../ingress/cluster-target.ts';
import { containerPort, toContainer } from '../ingress/container-target.ts';
import { type IngressReserved, type IngressSpec, ingressLifecycle } from '../ingress/lifecycle.ts';
import { findGroup, portOfGroup } from '../nomad/target.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { serviceNames } from '../service-names.ts';

const schema = object({
  port: required(int(1, 65535), 'Port to open on 127.0.0.1; with `expose_local` the port of this machine that is led to.'),
  expose_local: withDefault(bool(), false, 'The other way round: from the target to this machine.'),
  target: required(
    object({
      resource: required(reference('container', 'k8s_cluster', 'nomad_cluster'), 'What it leads to: `resource.k8s_cluster.k3s`.'),
      port: optional(int(1, 65535), 'Port of the target.'),
      named_port: optional(string(), 'Or: the name of a port of the target.'),
      config: optional(map(string()), 'In Kubernetes `service` and `namespace`, in Nomad `job`, `group` and `task`.'),
    }),
    'Where it leads to.',
  ),
  open_in_browser: optional(string(), 'Page to open once it is ready: a path (`/ui`), or a whole URL.'),
});

type Config = Decoded<typeof schema>;

/** An ingress as Jumppad writes it. */
export const jumppadIngress = resourceType<Config, IngressSpec, IngressReserved>({
  ...ingressLifecycle,
  type: 'ingress',
  dialect: 'jumppad',
  schema,
  doc: 'A port that leads to a container or into a cluster, or out of it.',
  lowerAfter: ['container', 'k8s_config', 'helm', 'nomad_job'],

  lower(config, context) {
    const { resource } = config.target;
    if (config.expose_local) return lowerExposed(config, context);
    if (resource.startsWith('container.')) return lowerContainerTarget(config, context);
    if (resource.startsWith('k8s_cluster.')) return lowerCluster(config, context);
    return lowerNomad(config, context);
  },
});

const written = ({ port, named_port: name }: Config['target']): string => name ?? String(port ?? '');

/** Where the port of the target stands. */
const placeOf = ({ named_port: name }: Config['target']): string => (name === undefined ? 'target.port' : 'target.named_port');

function open({ port, open_in_browser: page }: Config, target: string, targetPort: number): IngressSpec {
  return { target, ports: [{ local: port, host: port, target: targetPort, ...(page === undefined ? {} : { open: page }) }] };
}

function lowerContainerTarget(config: Config, context: LowerContext): IngressSpec {
  const port = containerPort(written(config.target), placeOf(config.target), context);
  return toContainer(open(config, config.target.resource, port), context);
}

function lowerCluster(config: Config, context: LowerContext): IngressSpec {
  const { resource: cluster, config: more = {} } = config.target;
  // Without a service, the one that is called as the ingress (Jumppad).
  const service = more['service'] ?? context.name;
  const place = { cluster, namespace: more['namespace'] ?? 'default', name: kubeName(service.includes('/') ? service : `svc/${service}`) };
  const known = findInCluster(place, 'target.config.service', context);
  return open(config, publishedName(place), portOfTarget(written(config.target), known, placeOf(config.target), context));
}

/** A Service in the cluster, behind which a port of this machine is. */
function lowerExposed(config: Config, context: LowerContext): IngressSpec {
  const { resource, port = config.port, config: more = {} } = config.target;
  if (!resource.startsWith('k8s_cluster.')) {
    const detail = 'a Service for it is made in a k8s_cluster; containers call ports of this machine at localhost';
    context.report(errorAt(context.at('expose_local'), `nothing of this machine can be exposed in ${resource}`, { detail }));
  }
  const name = (more['service'] ?? context.name).replaceAll('_', '-');
  return {
    target: `ingress.${context.name}/machine`,
    machine: true,
    // What listens on this machine is started by the user, when they like.
    ports: [{ local: port, target: config.port, optional: true }],
    inside: { of: resource, names: serviceNames({ name, namespace: 'jumppad' }) },
  };
}

/** Of the job that is called as the ingress, if it names none. */
function lowerNomad(config: Config, context: LowerContext): IngressSpec {
  const { resource: cluster, config: more = {} } = config.target;
  const place = { ...more, cluster, job: more['job'] ?? context.name };
  const found = findGroup(place, { job: 'target.config.job', group: 'target.config.group', task: 'target.config.task' }, context);
  return open(config, found.published, portOfGroup(written(config.target), found, placeOf(config.target), context));
}
