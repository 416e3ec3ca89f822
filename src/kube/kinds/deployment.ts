import { under } from '../../schema/place.ts';
import { type Decoded, object, required } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { type ManifestKind, manifest } from './kind.ts';
import { alikePods, minReadySeconds, replicas, revisionHistoryLimit, selector, template, validateKept } from './replicas.ts';

const schema = manifest({
  spec: required(
    object({
      replicas,
      selector,
      template,
      strategy: accepted('How pods are replaced on a change: here one after the other, a new one before the old one goes.'),
      minReadySeconds,
      revisionHistoryLimit,
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
  validate: ({ spec }, at) => validateKept(spec, under(at, 'spec'), 'a Deployment'),
  pods: alikePods,
};
