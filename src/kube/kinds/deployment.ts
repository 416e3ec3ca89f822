import { type Decoded, object, required } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { under } from '../place.ts';
import { type ManifestKind, manifest } from './kind.ts';
import { replicas, selector, template, validateKept } from './replicas.ts';

const schema = manifest({
  spec: required(
    object({
      replicas,
      selector,
      template,
      strategy: accepted('How pods are replaced on a change: here one after the other, a new one before the old one goes.'),
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
  validate: ({ spec }, at) => validateKept(spec, under(at, 'spec'), 'a Deployment'),
  pods: ({ spec }, at) => ({
    replicas: spec.replicas,
    template: spec.template,
    at: under(at, 'spec', 'template'),
    naming: 'counted',
  }),
};
