import { errorHere, under, warningAtKey } from '../../schema/place.ts';
import { any, type Decoded, list, map, object, oneOf, optional, required, string, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { validateLabelName } from '../names.ts';
import { type ManifestKind, manifest } from './kind.ts';
import { minReadySeconds, replicas, revisionHistoryLimit, selector, template, validateKept } from './replicas.ts';

const claim = object({
  metadata: required(
    object({
      name: required(string(), 'Name of the volume.'),
      labels: optional(map(string()), 'Labels of the claim.'),
      annotations: optional(map(string()), 'Annotations of the claim.'),
      namespace: accepted('Written by exporters.'),
      creationTimestamp: accepted('Written by exporters.'),
    }),
    'Name of the volume.',
  ),
  spec: optional(any(), 'Size and class of the volume: here a folder.'),
  apiVersion: accepted('Written by exporters.'),
  kind: accepted('Written by exporters.'),
  status: accepted('Written by the API server.'),
});

const schema = manifest({
  spec: required(
    object({
      replicas,
      selector,
      template,
      serviceName: withDefault(string(), '', 'Headless Service under whose name each pod is known.'),
      podManagementPolicy: withDefault(oneOf('OrderedReady', 'Parallel'), 'OrderedReady', 'Whether a pod waits for the one before it.'),
      volumeClaimTemplates: withDefault(list(claim), [], 'Volumes that each pod has for itself.'),
      ordinals: accepted('Number of the first pod.'),
      persistentVolumeClaimRetentionPolicy: accepted('Whether claims go with their pods.'),
      updateStrategy: accepted('How pods are replaced on a change: here one after the other, from the last one.'),
      minReadySeconds,
      revisionHistoryLimit,
    }),
    'The StatefulSet itself.',
  ),
});

export type StatefulSet = Decoded<typeof schema>;

export const statefulSet: ManifestKind<StatefulSet> = {
  kind: 'StatefulSet',
  apiVersions: ['apps/v1'],
  namespaced: true,
  schema,
  validate({ spec }, at) {
    const place = under(at, 'spec');
    const diagnostics = validateKept(spec, place, 'a StatefulSet');
    const names = new Set<string>();
    spec.volumeClaimTemplates.forEach(({ metadata: { name } }, i) => {
      const at = under(place, 'volumeClaimTemplates', i, 'metadata', 'name');
      diagnostics.push(...validateLabelName(name, at));
      if (names.has(name)) diagnostics.push(errorHere(at, `two volume claims are called "${name}"`));
      names.add(name);
    });
    if (spec.ordinals !== undefined && spec.ordinals !== null)
      diagnostics.push(warningAtKey(under(place, 'ordinals'), 'the number of the first pod is always 0 here'));
    return diagnostics;
  },
  pods: ({ spec }, at) => ({
    replicas: spec.replicas,
    template: spec.template,
    at: under(at, 'spec', 'template'),
    naming: 'ordinal',
    stateful: {
      ordered: spec.podManagementPolicy === 'OrderedReady',
      serviceName: spec.serviceName,
      claims: spec.volumeClaimTemplates.map((template) => template.metadata.name),
    },
  }),
};
