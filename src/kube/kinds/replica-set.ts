import { under } from '../../schema/place.ts';
import { type Decoded, object, required } from '../../schema/schema.ts';
import { type ManifestKind, manifest } from './kind.ts';
import { alikePods, minReadySeconds, replicas, selector, template, validateKept } from './replicas.ts';

const schema = manifest({
  spec: required(object({ replicas, selector, template, minReadySeconds }), 'The ReplicaSet itself.'),
});

export type ReplicaSet = Decoded<typeof schema>;

export const replicaSet: ManifestKind<ReplicaSet> = {
  kind: 'ReplicaSet',
  apiVersions: ['apps/v1'],
  namespaced: true,
  schema,
  validate: ({ spec }, at) => validateKept(spec, under(at, 'spec'), 'a ReplicaSet'),
  pods: alikePods,
};
