import { under, warningHere } from '../../schema/place.ts';
import { type Decoded, required } from '../../schema/schema.ts';
import { type PodTemplate, podSpec } from '../pod/schema.ts';
import { validatePodTemplate } from '../pod/validate.ts';
import { type ManifestKind, manifest } from './kind.ts';

const schema = manifest({ spec: required(podSpec, 'Containers and volumes.') });

export type Pod = Decoded<typeof schema>;

/** Retries of a pod that is restarted on failure: a cluster never gives up. */
const RETRIES = 6;

export const pod: ManifestKind<Pod> = {
  kind: 'Pod',
  apiVersions: ['v1'],
  namespaced: true,
  schema,
  validate(body, at) {
    const diagnostics = validatePodTemplate(templateOf(body), at);
    const { restartPolicy = 'Always' } = body.spec;
    if (restartPolicy !== 'Always' && serves(body)) {
      const summary = `a pod that serves is restarted when it ends, whatever its restartPolicy says`;
      diagnostics.push(warningHere(under(at, 'spec', 'restartPolicy'), summary));
    }
    return diagnostics;
  },
  pods(body, at) {
    const { restartPolicy = 'Always', activeDeadlineSeconds = 0 } = body.spec;
    const set = { replicas: 1, template: templateOf(body), at, naming: 'single' } as const;
    if (restartPolicy === 'Always' || serves(body)) return set;
    const backoffLimit = restartPolicy === 'Never' ? 0 : RETRIES;
    return { ...set, job: { completions: 1, parallelism: 1, backoffLimit, deadlineMs: activeDeadlineSeconds * 1000, indexed: false } };
  },
};

function templateOf({ metadata, spec }: Pod): PodTemplate {
  const { labels, annotations } = metadata;
  return { metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }, spec };
}

/** Nothing says of a pod whether it is meant to end; one that others may call is not. */
function serves({ spec }: Pod): boolean {
  return spec.containers.some((container) => container.ports.length > 0 || container.readinessProbe !== undefined);
}
