import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Loaded } from './load.ts';
import { locatePath } from './locate-path.ts';
import type { IngressSpec } from './resources/ingress.ts';
import { type K8sConfigSpec, publishedNames } from './resources/k8s-config.ts';

/**
 * An ingress into a cluster must lead to something that the manifests define, at a port that it has. Only where this
 * blueprint has manifests for that cluster: otherwise they come with another one.
 */
export function checkIngresses(loaded: readonly Loaded[], specs: ReadonlyMap<string, unknown>): Diagnostic[] {
  const manifests = ofType<K8sConfigSpec>(loaded, specs, 'k8s_config').map(({ spec }) => spec);
  return ofType<IngressSpec>(loaded, specs, 'ingress').flatMap(({ resource, spec }) => {
    const [cluster = '', namespace = '', ...rest] = spec.target.split('/');
    const there = manifests.filter((manifest) => manifest.cluster === cluster);
    if (!cluster.startsWith('k8s_cluster.') || there.length === 0) return [];
    const wanted = rest.join('/');
    const names = there.flatMap(publishedNames).filter((name) => name.startsWith(`${namespace}/`));
    if (!names.includes(`${namespace}/${wanted}`)) return [unknownTarget(resource, wanted, namespace, names)];
    const service = there
      .flatMap((manifest) => manifest.services)
      .find((one) => wanted === `svc/${one.name}` && one.namespace === namespace);
    return service ? wrongPorts(resource, spec, service) : [];
  });
}

function ofType<S>(loaded: readonly Loaded[], specs: ReadonlyMap<string, unknown>, type: string): { resource: Loaded; spec: S }[] {
  return loaded.flatMap((resource) => {
    const spec = resource.type.type === type ? specs.get(resource.key) : undefined;
    return spec === undefined ? [] : [{ resource, spec: spec as S }];
  });
}

function unknownTarget(resource: Loaded, wanted: string, namespace: string, names: readonly string[]): Diagnostic {
  const local = names.map((name) => name.slice(namespace.length + 1));
  return errorAt(locatePath(resource.located, 'service'), `the manifests define no ${wanted} in namespace ${namespace}`, {
    detail: local.length === 0 ? 'they define nothing that an ingress can reach' : `there are: ${local.join(', ')}`,
    ...didYouMean(wanted, local),
  });
}

function wrongPorts(resource: Loaded, spec: IngressSpec, service: K8sConfigSpec['services'][number]): Diagnostic[] {
  return spec.ports.flatMap((port, i) => {
    if (service.ports.some((one) => one.port === port.target)) return [];
    const detail = `its ports: ${service.ports.map((one) => one.port).join(', ')}`;
    return [errorAt(locatePath(resource.located, `port[${i}].remote`), `Service ${service.name} has no port ${port.target}`, { detail })];
  });
}
