import { MAX_REPLICAS } from '../../base/pod.ts';
import { under, warningAtKey } from '../../schema/place.ts';
import { bool, type Decoded, int, object, oneOf, optional, required, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { podTemplate } from '../pod/schema.ts';
import { validatePodTemplate, validateRestartPolicy } from '../pod/validate.ts';
import { type ManifestKind, manifest } from './kind.ts';

const jobSpec = object({
  template: required(podTemplate, 'What each pod is made of.'),
  completions: optional(int(0, MAX_REPLICAS), 'How many pods must succeed.'),
  parallelism: withDefault(int(0, MAX_REPLICAS), 1, 'How many pods run at the same time.'),
  backoffLimit: withDefault(int(0), 6, 'How many failures are tried again.'),
  activeDeadlineSeconds: optional(int(1), 'How long all of it may take.'),
  completionMode: withDefault(oneOf('NonIndexed', 'Indexed'), 'NonIndexed', 'Whether each pod has a number of its own.'),
  suspend: withDefault(bool(), false, 'Do not run it.'),
  selector: accepted('Written by the API server.'),
  manualSelector: accepted('Whether the selector was written by hand.'),
  ttlSecondsAfterFinished: accepted('When the object is removed.'),
  backoffLimitPerIndex: accepted('How many failures of one index are tried again.'),
  maxFailedIndexes: accepted('How many indexes may fail.'),
  podFailurePolicy: accepted('Which failures count.'),
  podReplacementPolicy: accepted('When a pod is replaced.'),
  successPolicy: accepted('When some successes are enough.'),
  managedBy: accepted('Which controller looks after it.'),
});

const schema = manifest({ spec: required(jobSpec, 'The Job itself.') });

export type Job = Decoded<typeof schema>;

/** Fields without which fewer or more failures are forgiven than here. */
const LOSSES = ['backoffLimitPerIndex', 'maxFailedIndexes', 'podFailurePolicy', 'successPolicy'] as const;

export const job: ManifestKind<Job> = {
  kind: 'Job',
  apiVersions: ['batch/v1'],
  namespaced: true,
  schema,
  validate({ spec }, at) {
    const place = under(at, 'spec');
    const template = under(place, 'template');
    const diagnostics = [
      ...validatePodTemplate(spec.template, template),
      ...validateRestartPolicy(spec.template, template, ['OnFailure', 'Never'], 'a Job'),
    ];
    for (const field of LOSSES) {
      if (spec[field] === undefined || spec[field] === null) continue;
      diagnostics.push(
        warningAtKey(under(place, field), `"${field}" is not supported; a pod that fails is tried again up to backoffLimit`),
      );
    }
    if (spec.suspend) diagnostics.push(warningAtKey(under(place, 'suspend'), 'the Job is suspended, so it is not run'));
    return diagnostics;
  },
  pods: ({ spec }, at) => ({
    replicas: 0,
    template: spec.template,
    at: under(at, 'spec', 'template'),
    naming: 'counted',
    job: {
      // Without a number the first success ends a Job that works off a queue.
      completions: spec.suspend || spec.parallelism === 0 ? 0 : (spec.completions ?? spec.parallelism),
      parallelism: Math.max(1, spec.parallelism),
      backoffLimit: spec.backoffLimit,
      deadlineMs: (spec.activeDeadlineSeconds ?? 0) * 1000,
      indexed: spec.completionMode === 'Indexed',
    },
  }),
};
