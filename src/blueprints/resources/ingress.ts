import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, list, object, optional, port, reference, required, string, withDefault } from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { closeHostPorts, type HostPort, hostPortGuards, openHostPorts, type PortMap, reserveHostPorts } from '../host-ports.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  target: required(reference('container', 'k8s_cluster'), 'What it leads to: "container.web" or "k8s_cluster.k3s".'),
  service: optional(string(), 'In a cluster: "svc/web", "deployment/web" or the name of a pod.'),
  namespace: withDefault(string(), 'default', 'Kubernetes namespace of the service.'),
  network: optional(list(networkAttachment), 'Networks of the ingress itself. Accepted; an ingress needs no address of its own here.'),
  port: required(
    list(
      object({
        local: optional(port(), 'Port inside the network. Accepted; only the host port is opened here.'),
        remote: required(port(), 'Port of the target.'),
        host: required(port(), 'Port to open on 127.0.0.1.'),
        protocol: optional(string(['tcp', 'http']), 'Accepted; everything is forwarded as TCP.'),
        open_in_browser: optional(string(), 'Path to open in a browser.'),
      }),
    ),
    'Ports to open.',
  ),
});

export interface IngressSpec {
  /** Published name: `container.web`, `k8s_cluster.k3s/default/svc/web`. */
  readonly target: string;
  readonly ports: readonly HostPort[];
}

interface Reserved {
  readonly ports: PortMap;
}

export const ingress = resourceType<Decoded<typeof schema>, IngressSpec, Reserved>({
  type: 'ingress',
  schema,
  doc: 'Opens ports of 127.0.0.1 that lead to a container or to a service of a cluster.',
  lower(config, context) {
    const inCluster = config.target.startsWith('k8s_cluster.');
    if (inCluster && config.service === undefined) {
      const detail = 'name what to reach in the cluster: service = "svc/web"';
      context.report(errorAt(context.header, `ingress "${context.name}" needs "service" because its target is a cluster`, { detail }));
    }
    if (!inCluster && config.service !== undefined) {
      const detail = 'a container has no services; leave it out';
      context.report(errorAt(context.at('service'), '"service" is for ingresses to a cluster', { detail }));
    }
    const target = inCluster ? `${config.target}/${config.namespace}/${kubeTarget(config.service ?? '')}` : config.target;
    return { target, ports: config.port.map(({ host, remote }) => ({ host, target: remote })) };
  },
  async reserve(_key, spec, context, options) {
    return { ports: await reserveHostPorts(spec.ports, context, options.ports) };
  },
  create(key, spec, reserved, context) {
    openHostPorts(key, spec.target, spec.ports, reserved.ports, context);
    return Promise.resolve();
  },
  guards: (key, spec, reserved, context) => hostPortGuards(key, spec.ports, reserved.ports, context),
  destroy(key, spec, reserved, context) {
    closeHostPorts(key, spec.ports, reserved?.ports ?? {}, context);
    return Promise.resolve();
  },
  hostPorts: (spec) => spec.ports.map((port) => port.host),
});

/** `svc/web`, `service/web`, `deployment/web`, or a pod's name. */
function kubeTarget(service: string): string {
  const slash = service.indexOf('/');
  if (slash === -1) return `pod/${service}`;
  const kinds: Record<string, string> = {
    svc: 'svc',
    service: 'svc',
    services: 'svc',
    deploy: 'deployment',
    deployment: 'deployment',
    pod: 'pod',
  };
  const kind = service.slice(0, slash);
  return `${kinds[kind] ?? kind}/${service.slice(slash + 1)}`;
}
