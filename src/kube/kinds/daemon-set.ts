import { under } from '../../schema/place.ts';
import { type Decoded, object, required } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { type ManifestKind, manifest } from './kind.ts';
import { minReadySeconds, revisionHistoryLimit, selector, template, validateKept } from './replicas.ts';

const schema = manifest({
  spec: required(
    object({
      selector,
      template,
      updateStrategy: accepted('How pods are replaced on a change.'),
      minReadySeconds,
      revisionHistoryLimit,
    }),
    'The DaemonSet itself.',
  ),
});

export type DaemonSet = Decoded<typeof schema>;

/** One pod on each node, and a cluster has one node here. */
export const daemonSet: ManifestKind<DaemonSet> = {
  kind: 'DaemonSet',
  apiVersions: ['apps/v1'],
  namespaced: true,
  schema,
  validate: ({ spec }, at) => validateKept(spec, under(at, 'spec'), 'a DaemonSet'),
  pods: ({ spec }, at) => ({ replicas: 1, template: spec.template, at: under(at, 'spec', 'template'), naming: 'counted' }),
};
