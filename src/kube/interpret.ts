import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { type JobPlan, POD_INDEX, POD_NAME, type PodSetPlan } from '../base/pod.ts';
import { inReadingOrder } from '../base/reading-order.ts';
import type { WrittenCall } from '../base/registration.ts';
import { didYouMean } from '../base/suggest.ts';
import { errorHere, rangeAt, under, warningHere } from '../schema/place.ts';
import { configEntries } from './config-entries.ts';
import { checkAnnotations, checkOwner } from './inject/annotations.ts';
import { injection } from './inject/inject.ts';
import type { ManifestKind, PodSet } from './kinds/kind.ts';
import { KINDS } from './kinds.ts';
import { describeObject, entryObjects, type KubeObject, ofKind, placeOf } from './object.ts';
import type { Interpretation, InterpretOptions, KubeServiceDefaults } from './plan.ts';
import { buildPod, podLabels } from './pod/pod.ts';
import type { Labels } from './selector.ts';
import { numericTargets, planService, type SelectablePods, selects } from './services.ts';
import { Stores } from './stores.ts';

type OkObject = Extract<KubeObject, { status: 'ok' }>;

/**
 * What the objects of one resource amount to: pods to run, Services in front of them, protocols to set, config entries. Pure;
 * everything but the diagnostics and ranges is plain JSON. With errors among the diagnostics the rest is
 * incomplete.
 */
export function interpret(objects: readonly KubeObject[], options: InterpretOptions): Interpretation {
  const diagnostics: Diagnostic[] = [...duplicates(objects)];
  const stores = new Stores(objects);
  const services = ofKind(objects, 'Service').filter((service) => service.body.metadata.labels?.[IGNORE_LABEL] !== 'true');
  const sets: PodSetPlan[] = [];
  const jobs: JobPlan[] = [];
  const selectable: SelectablePods[] = [];
  const defaults: KubeServiceDefaults[] = [];
  const calls: WrittenCall[] = [];
  const taken = new Set<string>();
  for (const object of objects) {
    if (object.status !== 'ok') continue;
    const annotations = object.body.metadata.annotations ?? {};
    const at = under(placeOf(object), 'metadata', 'annotations');
    const set = podSetOf(object);
    const isTemplate = object.kind === 'Pod';
    diagnostics.push(...checkAnnotations(annotations, at), ...(set && !isTemplate ? checkOwner(annotations, at, object.kind) : []));
    if (!set) continue;
    const { template, replicas } = set;
    const { namespace } = object;
    const baseName = baseNameOf(object, taken);
    const pods = { namespace, template, labels: labelsOfPods(set, baseName) };
    const selecting = services.filter((service) => selects(service, pods));
    if (!isTemplate) {
      diagnostics.push(...checkAnnotations(template.metadata?.annotations ?? {}, under(set.at, 'metadata', 'annotations')));
    }
    diagnostics.push(...checkServiceAccount(objects, object, set), ...checkServiceName(objects, object, set));
    const problems: Diagnostic[] = [];
    const input = { template, at: set.at, namespace, services: selecting, injector: options.injector };
    const injected = injection(input, problems);
    defaults.push(...(injected?.defaults ?? []));
    calls.push(...(injected?.calls ?? []));
    const servicePorts = numericTargets(selecting);
    const pod = buildPod({ set, namespace, injection: injected, servicePorts, stores, options }, problems);
    diagnostics.push(...problems);
    selectable.push(pods);
    if (hasErrors(problems)) continue;
    const owner = `${object.kind.toLowerCase()}/${object.name}`;
    if (set.job) {
      const { completions, parallelism, backoffLimit, deadlineMs } = set.job;
      jobs.push({ baseName, owner, completions, parallelism, backoffLimit, deadlineMs, pod });
    } else {
      sets.push({ baseName, owner, replicas, naming: set.naming, ordered: set.stateful?.ordered ?? false, pod });
    }
  }
  const sources = [...new Set(objects.flatMap((object) => object.located.range?.source ?? []))];
  const complete = objects.every((object) => object.status !== 'broken');
  return {
    sets,
    jobs,
    services: services.flatMap((service) => planService(service, selectable, complete, options, diagnostics)),
    serviceDefaults: agreed(defaults, diagnostics),
    entries: configEntries(entryObjects(objects), options.datacenter, diagnostics),
    ignored: objects
      .filter((object) => object.status === 'ignored')
      .map(({ kind, name, namespace, reason }) => ({ kind, name, namespace, reason })),
    calls,
    diagnostics: inReadingOrder(diagnostics, sources),
  };
}

/** Of each pod, as far as they differ; of one when there is none, so that a Service still sees what it is for. */
function labelsOfPods(set: PodSet, baseName: string): Labels[] {
  const labels = Object.entries(podLabels(set));
  return Array.from({ length: set.stateful ? Math.max(1, set.replicas) : 1 }, (_, i) =>
    Object.fromEntries(
      labels.map(([key, value]) => [key, value.replaceAll(POD_NAME, `${baseName}-${i}`).replaceAll(POD_INDEX, String(i))]),
    ),
  );
}

/** consul-k8s leaves a Service with this label out of the mesh. */
const IGNORE_LABEL = 'consul.hashicorp.com/service-ignore';

function podSetOf(object: OkObject): PodSet | undefined {
  const kind: ManifestKind<unknown> = KINDS[object.kind];
  return kind.pods?.(object.body, placeOf(object));
}

/** Pods of all namespaces share one node of the catalog, on which their names must differ; a cluster appends random letters. */
function baseNameOf({ name, namespace }: OkObject, taken: Set<string>): string {
  let base = name;
  while (taken.has(base)) base += `-${namespace}`;
  taken.add(base);
  return base;
}

/** kubectl would apply one after the other, and the last one would win without a word. */
function duplicates(objects: readonly KubeObject[]): Diagnostic[] {
  const first = new Map<string, KubeObject>();
  return objects.flatMap((object) => {
    if (object.name === '') return [];
    const id = `${object.kind}\n${object.namespace}\n${object.name}`;
    const earlier = first.get(id);
    if (!earlier) {
      first.set(id, object);
      return [];
    }
    const range = rangeAt(under(placeOf(earlier), 'metadata', 'name'));
    const related = range ? { related: { range, message: 'first defined here' } } : {};
    return [errorHere(under(placeOf(object), 'metadata', 'name'), `${describeObject(object)} is defined twice`, related)];
  });
}

/** A cluster starts no pod whose account is missing. */
function checkServiceAccount(objects: readonly KubeObject[], owner: OkObject, set: PodSet): Diagnostic[] {
  const field = set.template.spec.serviceAccountName === undefined ? 'serviceAccount' : 'serviceAccountName';
  const name = set.template.spec[field];
  const known = objects
    .filter((object) => object.kind === 'ServiceAccount' && object.namespace === owner.namespace)
    .map(({ name }) => name);
  if (name === undefined || name === '' || name === 'default' || known.includes(name)) return [];
  return [
    warningHere(under(set.at, 'spec', field), `there is no ServiceAccount "${name}" in these manifests`, {
      detail: 'a cluster would not start the pods without it',
      ...didYouMean(name, known),
    }),
  ];
}

/** Under its name each pod of a StatefulSet is known. */
function checkServiceName(objects: readonly KubeObject[], owner: OkObject, { stateful }: PodSet): Diagnostic[] {
  const services = objects.filter((object) => object.kind === 'Service' && object.namespace === owner.namespace);
  const known = services.map(({ name }) => name);
  const name = stateful?.serviceName ?? '';
  if (name === '' || known.includes(name)) return [];
  return [
    warningHere(under(placeOf(owner), 'spec', 'serviceName'), `there is no Service "${name}" in these manifests`, {
      detail: `in a cluster nobody would find its pods by name: ${owner.name}-0.${name}`,
      ...didYouMean(name, known),
    }),
  ];
}

/** One protocol per service; two Deployments of one service may both say it. */
function agreed(defaults: readonly KubeServiceDefaults[], out: Diagnostic[]): KubeServiceDefaults[] {
  const byService = new Map<string, KubeServiceDefaults>();
  for (const wanted of defaults) {
    const earlier = byService.get(wanted.service);
    if (!earlier) byService.set(wanted.service, wanted);
    else if (earlier.protocol !== wanted.protocol) {
      const summary = `service "${wanted.service}" can't have the protocols ${earlier.protocol} and ${wanted.protocol}`;
      const related = earlier.range ? { related: { range: earlier.range, message: 'the other protocol' } } : {};
      out.push(errorAt(wanted.range, summary, related));
    }
  }
  return [...byService.values()];
}
