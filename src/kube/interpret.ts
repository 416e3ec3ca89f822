import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { checkAnnotations, checkOwner } from './inject/annotations.ts';
import { injection } from './inject/inject.ts';
import type { ManifestKind, PodSet } from './kinds/kind.ts';
import { KINDS } from './kinds.ts';
import { describeObject, type KubeObject, ofKind, placeOf } from './object.ts';
import { inReadingOrder } from './order.ts';
import { errorHere, rangeAt, under, warningHere } from './place.ts';
import type { Interpretation, InterpretOptions, KubeServiceDefaults, PodPlan } from './plan.ts';
import { buildPods } from './pod/pod.ts';
import { numericTargets, planService, type SelectablePods, selects } from './services.ts';
import { Stores } from './stores.ts';

type OkObject = Extract<KubeObject, { status: 'ok' }>;

/**
 * What the objects of one resource amount to: pods to run, Services in front of them, protocols to set. Pure; everything
 * but the diagnostics and `serviceDefaults[].range` is plain JSON. With errors among the diagnostics the rest is incomplete.
 */
export function interpret(objects: readonly KubeObject[], options: InterpretOptions): Interpretation {
  const diagnostics: Diagnostic[] = [...duplicates(objects)];
  const stores = new Stores(objects);
  const services = ofKind(objects, 'Service').filter((service) => service.body.metadata.labels?.[IGNORE_LABEL] !== 'true');
  const pods: PodPlan[] = [];
  const sets: SelectablePods[] = [];
  const defaults: KubeServiceDefaults[] = [];
  const taken = new Set<string>();
  for (const object of objects) {
    if (object.status !== 'ok') continue;
    const annotations = object.body.metadata.annotations ?? {};
    const at = under(placeOf(object), 'metadata', 'annotations');
    const set = podSetOf(object);
    diagnostics.push(...checkAnnotations(annotations, at), ...(set ? checkOwner(annotations, at, object.kind) : []));
    if (!set) continue;
    const { template } = set;
    const selecting = services.filter((service) => selects(service, object.namespace, template.metadata?.labels ?? {}));
    diagnostics.push(
      ...checkAnnotations(template.metadata?.annotations ?? {}, under(set.at, 'metadata', 'annotations')),
      ...checkServiceAccount(objects, object, set),
    );
    const problems: Diagnostic[] = [];
    const input = { template, at: set.at, services: selecting, injectByDefault: options.injectByDefault };
    const injected = injection(input, problems);
    if (injected?.defaults) defaults.push(injected.defaults);
    const servicePorts = numericTargets(selecting);
    const made = buildPods(
      { set, baseName: baseNameOf(object, taken), owner: object, injection: injected, servicePorts, stores, options },
      problems,
    );
    diagnostics.push(...problems);
    if (!hasErrors(problems)) pods.push(...made);
    sets.push({ namespace: object.namespace, template, pods: made.map((pod) => pod.name) });
  }
  const sources = [...new Set(objects.flatMap((object) => object.located.range?.source ?? []))];
  const complete = objects.every((object) => object.status !== 'broken');
  return {
    pods,
    services: services.map((service) => planService(service, sets, complete, diagnostics)),
    serviceDefaults: agreed(defaults, diagnostics),
    ignored: objects
      .filter((object) => object.status === 'ignored')
      .map(({ kind, name, namespace, reason }) => ({ kind, name, namespace, reason })),
    diagnostics: inReadingOrder(diagnostics, sources),
  };
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
