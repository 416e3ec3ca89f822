import { warningAt } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import type { Workload } from '../../base/workload.ts';
import { bindPod } from '../../kube/bind.ts';
import type { KubeServicePlan, PodPlan } from '../../kube/plan.ts';
import { bool, type Decoded, duration, list, object, optional, reference, required, string } from '../../schema/schema.ts';
import type { ApplyContext } from '../context.ts';
import { type Instance, instanceGuards, isHealthy, isReady, portsOf, startInstance, stopInstance } from '../instance.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import type { ClusterSpec } from './k8s-cluster.ts';

const schema = object({
  cluster: required(reference('k8s_cluster'), 'The cluster: "k8s_cluster.k3s".'),
  paths: required(list(string()), 'Manifest files, or folders of them (*.yaml, then *.yml), relative to the blueprint.'),
  wait_until_ready: required(bool(), 'Accepted; `run` always waits until everything is ready.'),
  health_check: optional(
    object({
      timeout: optional(duration(), 'Accepted; `run --timeout` limits the wait.'),
      pods: optional(list(string()), 'Label selectors of pods to wait for.'),
    }),
    'Pods to wait for. A selector that matches none is a warning.',
  ),
});

export interface K8sConfigSpec {
  readonly cluster: string;
  readonly pods: readonly PodPlan[];
  readonly services: readonly KubeServicePlan[];
  /** From the annotation `connect-service-protocol`: service -> protocol. */
  readonly protocols: Readonly<Record<string, string>>;
}

interface Reserved {
  /** Pod name -> virtual address. */
  readonly addresses: Readonly<Record<string, string>>;
}

const POD_SIDECAR_PORT = 20000;

export const k8sConfig = resourceType<Decoded<typeof schema>, K8sConfigSpec, Reserved>({
  type: 'k8s_config',
  schema,
  doc: 'Kubernetes manifests, applied to a cluster.',

  async lower(config, context) {
    const { readManifests } = await import('../../kube/read.ts');
    const { interpret } = await import('../../kube/interpret.ts');
    const read = readManifests(await manifestSources(config.paths, context));
    const cluster = config.cluster.slice('k8s_cluster.'.length);
    const injectByDefault = (context.config(config.cluster) as { connect_inject?: boolean } | undefined)?.connect_inject ?? false;
    const result = interpret(read.objects, { cluster, injectByDefault, resourceId: `k8s_config.${context.name}` });
    for (const diagnostic of [...read.diagnostics, ...result.diagnostics]) context.report(diagnostic);
    for (const [i, selector] of (config.health_check?.pods ?? []).entries()) {
      if (result.pods.some((pod) => matches(pod.labels, selector))) continue;
      context.report(warningAt(context.at(`health_check.pods[${i}]`), `no pod has the label ${selector}, so there is nothing to wait for`));
    }
    const protocols = Object.fromEntries(result.serviceDefaults.map(({ service, protocol }) => [service, protocol]));
    return { cluster: config.cluster, pods: result.pods, services: result.services, protocols };
  },

  async reserve(key, spec, context) {
    const { podSubnet } = context.record(spec.cluster).spec as ClusterSpec;
    const addresses: Record<string, string> = {};
    for (const pod of spec.pods) {
      const services = pod.service ? [pod.service] : [];
      const ports = portsOf(pod.containers, services, POD_SIDECAR_PORT);
      addresses[pod.name] = await context.allocate({ owner: `${key} (pod ${pod.name})`, subnet: podSubnet, ports, names: [] });
    }
    return { addresses };
  },

  async create(key, spec, reserved, context, options) {
    for (const [service, protocol] of Object.entries(spec.protocols)) await context.registry.setProtocolDefault(service, protocol);
    const instances = instancesOf(spec, reserved);
    await Promise.all(instances.map((instance) => startInstance(instance, context, options)));
    for (const name of publishedNames(spec)) publish(key, name, spec, reserved, context);
  },

  guards: (_key, spec, reserved, context) => instancesOf(spec, reserved).flatMap((instance) => instanceGuards(instance, context)),

  async destroy(_key, spec, reserved, context) {
    for (const name of publishedNames(spec)) context.forwards.withdraw(`${spec.cluster}/${name}`);
    const instances = instancesOf(spec, reserved ?? { addresses: {} });
    await Promise.all(instances.map((instance) => stopInstance(instance, context)));
    await Promise.all(spec.pods.map((pod) => context.workloads.removeData(podFolder(pod))));
    for (const [service, protocol] of Object.entries(spec.protocols)) await context.registry.clearProtocolDefault(service, protocol);
    if (reserved) await context.release(Object.values(reserved.addresses));
  },

  healthy: (spec, reserved, context) => instancesOf(spec, reserved).every((instance) => isHealthy(instance.workloads, context)),
});

function instancesOf(spec: K8sConfigSpec, reserved: Reserved): Instance[] {
  return spec.pods.map((pod) => {
    const address = reserved.addresses[pod.name] ?? '';
    return {
      name: pod.name,
      workloads: workloadsOf(pod, address),
      services: pod.service ? [pod.service] : [],
      address,
      node: { name: pod.consulNode, address: '127.0.0.1', meta: { 'synthetic-node': 'true' } },
      sidecarPort: POD_SIDECAR_PORT,
    };
  });
}

function workloadsOf(pod: PodPlan, address: string): Workload[] {
  return bindPod(pod, { address, folder: podFolder(pod) });
}

/** Where the emptyDir volumes of a pod lie. */
const podFolder = (pod: PodPlan): string => `pods/${pod.consulNode}/${pod.name}`;

/** What an ingress can name: `<namespace>/svc/web`, `<namespace>/deployment/web`, `<namespace>/pod/web-0`. */
export function publishedNames(spec: K8sConfigSpec): string[] {
  return [
    ...spec.services.map((service) => `${service.namespace}/svc/${service.name}`),
    ...new Set(spec.pods.map((pod) => `${pod.namespace}/${pod.owner}`)),
    ...spec.pods.map((pod) => `${pod.namespace}/pod/${pod.name}`),
  ];
}

function publish(_key: string, name: string, spec: K8sConfigSpec, reserved: Reserved, context: ApplyContext): void {
  const [namespace, kind, rest] = name.split('/') as [string, string, string];
  const service = kind === 'svc' ? spec.services.find((s) => s.name === rest && s.namespace === namespace) : undefined;
  const pods = spec.pods.filter((pod) => {
    if (pod.namespace !== namespace) return false;
    return service ? service.pods.includes(pod.name) : kind === 'pod' ? pod.name === rest : pod.owner === `${kind}/${rest}`;
  });
  context.forwards.publish(
    `${spec.cluster}/${name}`,
    () =>
      pods
        .filter((pod) => isReady(workloadsOf(pod, reserved.addresses[pod.name] ?? ''), context))
        .map((pod) => reserved.addresses[pod.name] ?? ''),
    (port) => service?.ports.find((entry) => entry.port === port)?.targetPort ?? port,
  );
}

async function manifestSources(paths: readonly string[], context: LowerContext): Promise<Source[]> {
  const files: { path: string; index: number }[] = [];
  for (const [index, path] of paths.entries()) {
    const absolute = context.resolvePath(path);
    const names = await context.list(absolute);
    if (!names) files.push({ path: absolute, index });
    else {
      const ofType = (extension: string) => names.filter((name) => name.endsWith(extension)).toSorted();
      files.push(...[...ofType('.yaml'), ...ofType('.yml')].map((name) => ({ path: `${absolute}/${name}`, index })));
    }
  }
  const sources = await Promise.all(files.map((file) => context.read(file.path, context.at(`paths[${file.index}]`))));
  return sources.filter((source) => source !== undefined);
}

/** `app=web`, `app==web` or just `app`; several separated by commas. */
function matches(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector.split(',').every((term) => {
    const [key = '', value] = term.split(/==?/).map((part) => part.trim());
    return value === undefined ? key in labels : labels[key] === value;
  });
}
