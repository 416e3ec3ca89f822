import type { Diagnostic } from '../../base/diagnostic.ts';
import { MAX_REPLICAS } from '../../base/pod.ts';
import { errorHere, type Place, rangeAt, under } from '../../schema/place.ts';
import { int, required, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import type { PodTemplate } from '../pod/schema.ts';
import { podTemplate } from '../pod/schema.ts';
import { validatePodTemplate, validateRestartPolicy } from '../pod/validate.ts';
import { matches, type Selector, selectorSchema, validateSelector } from '../selector.ts';
import type { PodSet } from './kind.ts';

/** What all kinds have that keep a number of pods running. */
export const replicas = withDefault(int(0, MAX_REPLICAS), 1, 'Number of pods.');
export const selector = required(selectorSchema, 'Which pods belong to it; must match the labels of the template.');
export const template = required(podTemplate, 'What each pod is made of.');
export const minReadySeconds = accepted('How long a pod must be ready before it counts.');
export const revisionHistoryLimit = accepted('How many old versions are kept.');

/** Pods that are alike: of a Deployment, and of the ReplicaSet that it would make. */
export const alikePods = ({ spec }: { spec: { replicas: number; template: PodTemplate } }, at: Place): PodSet => ({
  replicas: spec.replicas,
  template: spec.template,
  at: under(at, 'spec', 'template'),
  naming: 'counted',
});

/** A template whose pods are kept running, and the selector that finds them again. `kind`: `a Deployment`. */
export function validateKept(spec: { selector: Selector; template: PodTemplate }, at: Place, kind: string): Diagnostic[] {
  const place = under(at, 'template');
  const selectorPlace = under(at, 'selector');
  const conditions = validateSelector(spec.selector, selectorPlace);
  const diagnostics = [
    ...conditions,
    ...validatePodTemplate(spec.template, place),
    ...validateRestartPolicy(spec.template, place, ['Always'], kind),
  ];
  if (conditions.length > 0) return diagnostics;
  const labels = spec.template.metadata?.labels ?? {};
  if (Object.keys(spec.selector.matchLabels ?? {}).length === 0 && (spec.selector.matchExpressions ?? []).length === 0) {
    diagnostics.push(errorHere(selectorPlace, `an empty selector is not valid for ${kind}`));
  } else if (!matches(spec.selector, labels)) {
    const range = rangeAt(under(place, 'metadata', 'labels'));
    diagnostics.push(
      errorHere(selectorPlace, '`selector` does not match template `labels`', {
        detail: `${kind} must select the pods that it makes`,
        ...(range ? { related: { range, message: 'labels of the template' } } : {}),
      }),
    );
  }
  return diagnostics;
}
