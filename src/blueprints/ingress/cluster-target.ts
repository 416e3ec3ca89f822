import { errorAt, warningAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { type K8sConfigSpec, publishedNames, setsBehind } from '../k8s/spec.ts';
import type { LowerContext } from '../resource-type.ts';
import type { HelmSpec } from '../resources/helm.ts';

/** Something in a cluster that an ingress leads to. */
export interface ClusterTarget {
  /** Key of the cluster. */
  readonly cluster: string;
  readonly namespace: string;
  /** `svc/web`, `deployment/web`, `pod/web-0`. */
  readonly name: string;
}

/** A Service of a manifest or a chart, as far as an ingress asks. */
interface KnownService {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly idle?: true }[];
}

/** The name under which manifests publish it. */
export const publishedName = ({ cluster, namespace, name }: ClusterTarget): string => `${cluster}/${namespace}/${name}`;

const KINDS: Readonly<Record<string, string>> = {
  svc: 'svc',
  service: 'svc',
  services: 'svc',
  deploy: 'deployment',
  deployment: 'deployment',
  deployments: 'deployment',
  sts: 'statefulset',
  statefulset: 'statefulset',
  statefulsets: 'statefulset',
  ds: 'daemonset',
  daemonset: 'daemonset',
  pod: 'pod',
  po: 'pod',
  pods: 'pod',
};

/** As kubectl's port-forward reads it: `svc/web`, `service/web`, `deployment/web`, or a pod's name. */
export function kubeName(text: string): string {
  const slash = text.indexOf('/');
  if (slash === -1) return `pod/${text}`;
  const kind = text.slice(0, slash);
  return `${KINDS[kind] ?? kind}/${text.slice(slash + 1)}`;
}

/** The DNS name of a Service: `web`, `web.default`, `web.default.svc`, `web.default.svc.cluster.local`. */
export function serviceAddress(address: string): { name: string; namespace: string } | undefined {
  const match = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?)?\.?$/.exec(address);
  return match ? { name: match[1]!, namespace: match[2] ?? 'default' } : undefined;
}

/**
 * Looks a target up in what is known of its cluster: manifests and charts, of this blueprint or running already. Reports a
 * name that none of them has. Without any manifest there is nothing to compare with: they come with another blueprint.
 */
export function findInCluster(target: ClusterTarget, at: string, context: LowerContext): KnownService | undefined {
  const { cluster, namespace, name } = target;
  const ofCluster = <S extends { readonly cluster: string }>(type: string): S[] =>
    context
      .resources(type)
      .map(({ spec }) => spec as S)
      .filter((spec) => spec.cluster === cluster);
  const manifests = ofCluster<K8sConfigSpec>('k8s_config');
  const charts = ofCluster<HelmSpec>('helm').flatMap((chart) => chart.services);
  const services: KnownService[] = [...manifests.flatMap((manifest) => manifest.services), ...charts];
  const service = services.find((one) => name === `svc/${one.name}` && one.namespace === namespace);
  checkPods(target, manifests, at, context);
  if (service || manifests.length === 0 || manifests.some(({ incomplete }) => incomplete)) return service;
  const names = [...manifests.flatMap(publishedNames), ...charts.map((one) => `${one.namespace}/svc/${one.name}`)];
  if (!names.includes(`${namespace}/${name}`)) {
    const local = names.filter((other) => other.startsWith(`${namespace}/`)).map((other) => other.slice(namespace.length + 1));
    context.report(
      errorAt(context.at(at), `the manifests define no ${name} in namespace ${namespace}`, {
        detail: local.length === 0 ? 'they define nothing there that an ingress can reach' : `there are: ${local.join(', ')}`,
        ...didYouMean(name, local),
      }),
    );
  }
  return undefined;
}

/** Pods are only made if somebody asks for some. */
function checkPods({ namespace, name }: ClusterTarget, manifests: readonly K8sConfigSpec[], at: string, context: LowerContext): void {
  const sets = manifests.flatMap((manifest) => setsBehind(`${namespace}/${name}`, manifest));
  if (sets.length === 0 || sets.some(({ replicas }) => replicas > 0)) return;
  const why = sets.map(({ owner }) => `${owner === name ? 'it' : owner} has replicas 0`).join(', ');
  context.report(warningAt(context.at(at), `${name} has no pods: ${why}`, { detail: 'requests fail until there is one' }));
}

/** The port of a target that `remote` means: a number, or the name of a port of the Service. */
export function portOfTarget(remote: string, service: KnownService | undefined, at: string, context: LowerContext): number {
  const number = /^\d+$/.test(remote) ? Number(remote) : undefined;
  const known = service?.ports.find((one) => (number === undefined ? one.name === remote : one.port === number));
  if (known) {
    if (known.idle) {
      const detail = `${service!.name} has this port for the servers among themselves; here they are one process`;
      context.report(warningAt(context.at(at), `nothing listens on port ${known.port} of ${service!.name}`, { detail }));
    }
    return known.port;
  }
  if (service) {
    const ports = service.ports.map((one) => (one.name === undefined ? String(one.port) : `${one.port} (${one.name})`));
    const names = service.ports.flatMap((one) => one.name ?? []);
    context.report(
      errorAt(context.at(at), `Service ${service.name} has no port ${remote}`, {
        detail: ports.length === 0 ? 'it has no ports' : `its ports: ${ports.join(', ')}`,
        ...(number === undefined ? didYouMean(remote, names) : {}),
      }),
    );
  } else if (number === undefined || number < 1 || number > 65535) {
    const detail = 'expected a number from 1 to 65535; only Services that the manifests define have names for ports';
    context.report(errorAt(context.at(at), `${JSON.stringify(remote)} is not a port`, { detail }));
  }
  return number ?? 0;
}
