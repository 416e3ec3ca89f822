import { type Decoded, int, object, required, withDefault } from '../../schema/schema.ts';
import { errorHere, rangeAt, under } from '../place.ts';
import { podTemplate } from '../pod/schema.ts';
import { validatePodTemplate } from '../pod/validate.ts';
import { matches, selectorSchema, validateSelector } from '../selector.ts';
import { accepted, type ManifestKind, manifest } from './kind.ts';

/** Each replica is one or more processes of this machine; a slip of the keyboard should not start a million. */
const MAX_REPLICAS = 500;

const schema = manifest({
  spec: required(
    object({
      replicas: withDefault(int(0, MAX_REPLICAS), 1, 'Number of pods.'),
      selector: required(selectorSchema, 'Which pods belong to the Deployment; must match the labels of the template.'),
      template: required(podTemplate, 'What each pod is made of.'),
      strategy: accepted('How pods are replaced on a change.'),
      minReadySeconds: accepted('How long a pod must be ready before it counts.'),
      revisionHistoryLimit: accepted('How many old versions are kept.'),
      paused: accepted('Whether changes are rolled out.'),
      progressDeadlineSeconds: accepted('How long a roll-out may take.'),
    }),
    'The Deployment itself.',
  ),
});

export type Deployment = Decoded<typeof schema>;

export const deployment: ManifestKind<Deployment> = {
  kind: 'Deployment',
  apiVersions: ['apps/v1'],
  namespaced: true,
  schema,
  validate({ spec }, at) {
    const template = under(at, 'spec', 'template');
    const selector = under(at, 'spec', 'selector');
    const conditions = validateSelector(spec.selector, selector);
    const diagnostics = [...conditions, ...validatePodTemplate(spec.template, template)];
    if (conditions.length > 0) return diagnostics;
    const labels = spec.template.metadata?.labels ?? {};
    if (Object.keys(spec.selector.matchLabels ?? {}).length === 0 && (spec.selector.matchExpressions ?? []).length === 0) {
      diagnostics.push(errorHere(selector, 'an empty selector is not valid for a Deployment'));
    } else if (!matches(spec.selector, labels)) {
      const range = rangeAt(under(template, 'metadata', 'labels'));
      diagnostics.push(
        errorHere(selector, '`selector` does not match template `labels`', {
          detail: 'a Deployment must select the pods that it makes',
          ...(range ? { related: { range, message: 'labels of the template' } } : {}),
        }),
      );
    }
    return diagnostics;
  },
  pods: ({ spec }, at) => ({ replicas: spec.replicas, template: spec.template, at: under(at, 'spec', 'template') }),
};
