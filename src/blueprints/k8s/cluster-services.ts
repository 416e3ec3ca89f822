import type { KubeServicePlan } from '../../kube/plan.ts';
import type { ApplyContext } from '../context.ts';
import { isReady } from '../instance.ts';
import { clusterOf, type Pod } from './pods.ts';
import { isBehind, type K8sConfigSpec, publishedNames, serviceCalled, setsBehind } from './spec.ts';

const idOf = ({ namespace, name }: KubeServicePlan): string => `${namespace}/${name}`;

/** Ports under which pods call a Service; one without an address of its own is called at the ports of its pods as well. */
function offered({ ports, headless }: KubeServicePlan): number[] {
  return [...new Set(ports.flatMap(({ port, targetPort }) => (headless ? [port, targetPort] : [port])))];
}

/** A Service that nobody is behind, or that has no port, is only a name. */
const callable = (service: KubeServicePlan): boolean => Object.keys(service.selector).length > 0 && service.ports.length > 0;

/** Claims an address for each Service, under which the pods of the cluster find the pods behind it. By `<namespace>/<name>`. */
export async function seatServices(key: string, spec: K8sConfigSpec, context: ApplyContext): Promise<Record<string, string>> {
  const addresses: Record<string, string> = {};
  for (const service of spec.services.filter(callable)) {
    addresses[idOf(service)] = await context.allocate({
      owner: `${key} (service ${idOf(service)})`,
      subnet: clusterOf(spec, context).serviceSubnet,
      ...(service.clusterIp === undefined ? {} : { wanted: service.clusterIp }),
      ports: offered(service),
      names: service.names,
      movable: true,
    });
  }
  return addresses;
}

const forwardId = (key: string, service: KubeServicePlan, port: number): string => `${key}/svc/${idOf(service)}:${port}`;

/** Opens the addresses of the Services. What leads there already is left as it is. */
export function openServices(key: string, spec: K8sConfigSpec, addresses: Readonly<Record<string, string>>, context: ApplyContext): void {
  for (const service of spec.services) {
    const address = addresses[idOf(service)];
    if (address === undefined) continue;
    for (const port of offered(service)) {
      const target = `${spec.cluster}/${service.namespace}/svc/${service.name}`;
      context.forwards.open({ id: forwardId(key, service, port), address, hostPort: port, wantedPort: port, target, targetPort: port });
    }
  }
}

/** Closes them, but for those that another spec has, too. */
export function closeServices(key: string, spec: K8sConfigSpec, context: ApplyContext, kept?: K8sConfigSpec): void {
  const ids = ({ services }: K8sConfigSpec): string[] =>
    services.filter(callable).flatMap((service) => offered(service).map((port) => forwardId(key, service, port)));
  const staying = new Set(kept ? ids(kept) : []);
  for (const id of ids(spec)) if (!staying.has(id)) context.forwards.close(id);
}

/** Says where Services, owners of pods and pods are: of these pods, the ready ones. */
export function publishAll(spec: K8sConfigSpec, pods: readonly Pod[], context: ApplyContext): void {
  for (const name of namesOf(spec, pods)) {
    const service = serviceCalled(name, spec);
    const behind = pods.filter((pod) => isBehind(name, pod, spec));
    const sets = setsBehind(name, spec);
    const nobody =
      service && behind.length === 0 && sets.length === 0 ? { nobody: `no pod has the labels that svc/${service.name} selects` } : {};
    context.forwards.publish(
      `${spec.cluster}/${name}`,
      () => behind.filter(({ instance }) => isReady(instance.workloads, context)).map(({ instance }) => instance.address),
      (port) => service?.ports.find((entry) => entry.port === port)?.targetPort ?? port,
      { empty: sets.length > 0 && sets.every(({ replicas }) => replicas === 0), ...nobody },
    );
  }
}

export function withdrawAll(spec: K8sConfigSpec, pods: readonly Pod[], context: ApplyContext, kept: readonly string[] = []): void {
  for (const name of namesOf(spec, pods)) if (!kept.includes(name)) context.forwards.withdraw(`${spec.cluster}/${name}`);
}

/** Pods may be called otherwise than at first: a new one takes a free number. */
export function namesOf(spec: K8sConfigSpec, pods: readonly Pod[]): string[] {
  return [...new Set([...publishedNames(spec), ...pods.map(({ name, plan }) => `${plan.namespace}/pod/${name}`)])];
}
