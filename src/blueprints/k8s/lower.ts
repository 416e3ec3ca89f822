import { hasErrors, warningAt } from '../../base/diagnostic.ts';
import type { PodPlan } from '../../base/pod.ts';
import type { Source } from '../../base/source.ts';
import { IMPLICIT_DATACENTER } from '../datacenter.ts';
import { injectorOf } from '../injector.ts';
import { imageTrouble } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';
import type { ClusterSpec } from '../resources/k8s-cluster.ts';
import { mappedPod } from './mapped-pod.ts';
import type { K8sConfigSpec } from './spec.ts';

export interface K8sConfig {
  readonly cluster: string;
  readonly paths: readonly string[];
  readonly health_check?: { readonly pods?: readonly string[] };
}

/** Reads manifests and says what is wrong with them. Loaded only where there are some: YAML takes a while to load. */
export async function lowerManifests(config: K8sConfig, context: LowerContext): Promise<K8sConfigSpec> {
  const { readManifests } = await import('../../kube/read.ts');
  const { interpret } = await import('../../kube/interpret.ts');
  const injector = injectorOf(context, config.cluster);
  const cluster = context.spec(config.cluster) as Partial<ClusterSpec> | undefined;
  const sources = await manifestSources(config.paths, context);
  const read = readManifests(sources.read);
  const result = interpret(read.objects, {
    cluster: config.cluster.slice('k8s_cluster.'.length),
    datacenter: injector.datacenter ?? IMPLICIT_DATACENTER,
    injector: { ...injector, injectByDefault: injector.injectByDefault || cluster?.injectByDefault === true },
    resourceId: `k8s_config.${context.name}`,
    imageHint: (image) => imageTrouble(image, context.images),
  });
  const diagnostics = [...read.diagnostics, ...result.diagnostics];
  for (const diagnostic of diagnostics) context.report(diagnostic);
  context.calls(result.calls);
  const incomplete = sources.missing || hasErrors(diagnostics);
  const pods = [...result.sets, ...result.jobs].map(({ pod }) => pod);
  const selectors = incomplete ? [] : (config.health_check?.pods ?? []);
  for (const [i, selector] of selectors.entries()) checkSelector(selector, `health_check.pods[${i}]`, pods, context);
  return {
    cluster: config.cluster,
    ...(injector.datacenter === undefined ? {} : { datacenter: injector.datacenter }),
    sets: result.sets.map((set) => ({ ...set, pod: mappedPod(set.pod, context) })),
    jobs: result.jobs.map((job) => ({ ...job, pod: mappedPod(job.pod, context) })),
    services: result.services,
    entries: result.entries,
    protocols: Object.fromEntries(result.serviceDefaults.map(({ service, protocol }) => [service, protocol])),
    ...(incomplete ? { incomplete } : {}),
  };
}

/**
 * Shipyard up to 0.1.10 did not look at these selectors, and there are blueprints whose selectors select nothing. `run` waits
 * for all pods anyway.
 */
function checkSelector(selector: string, at: string, pods: readonly PodPlan[], context: LowerContext): void {
  if (pods.some(({ labels }) => matches(labels, selector))) return;
  const wanted = selector.split(/==?/).at(-1)!.trim();
  const meant = pods.flatMap(({ labels }) => Object.entries(labels)).find(([, value]) => value === wanted);
  const labels = [...new Set(pods.flatMap((pod) => Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`)))];
  context.report(
    warningAt(context.at(at), `no pod has the label ${selector}, so there is nothing to wait for`, {
      detail: labels.length === 0 ? 'the pods have no labels' : `labels of the pods: ${labels.join(', ')}`,
      ...(meant ? { hint: `did you mean "${meant[0]}=${meant[1]}"?` } : {}),
    }),
  );
}

async function manifestSources(paths: readonly string[], context: LowerContext): Promise<{ read: Source[]; missing: boolean }> {
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
  const read = sources.filter((source) => source !== undefined);
  return { read, missing: read.length < sources.length };
}

/** `app=web`, `app==web` or just `app`; several separated by commas. */
function matches(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector.split(',').every((term) => {
    const [key = '', value] = term.split(/==?/).map((part) => part.trim());
    return value === undefined ? key in labels : labels[key] === value;
  });
}
