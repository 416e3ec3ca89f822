import { bool, type Decoded, list, object, optional, required, string, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { fieldRef, resourceFieldRef } from './reference-schema.ts';

const items = optional(
  list(
    object({
      key: required(string(), 'Key of the value.'),
      path: required(string(), 'File that it becomes.'),
      mode: accepted('Rights of the file.'),
    }),
  ),
  'Which keys become files; all of them when absent.',
);

const downwardFile = object({
  path: required(string(), 'File that it becomes.'),
  fieldRef: optional(fieldRef, 'A field of the pod.'),
  resourceFieldRef: optional(resourceFieldRef, 'A limit or request of a container.'),
  mode: accepted('Rights of the file.'),
});

export type DownwardFile = Decoded<typeof downwardFile>;

const keyed = {
  name: required(string(), 'Name of the ConfigMap or Secret.'),
  items,
  optional: withDefault(bool(), false, 'Go on without it.'),
};

const projection = object({
  configMap: optional(object(keyed), 'Values of a ConfigMap.'),
  secret: optional(object(keyed), 'Values of a Secret.'),
  downwardAPI: optional(object({ items: withDefault(list(downwardFile), [], 'The files.') }), 'Fields of the pod.'),
  serviceAccountToken: accepted('A token of the API server.'),
  clusterTrustBundle: accepted('Certificates of the cluster.'),
  podCertificate: accepted('A certificate of the cluster.'),
});

export type Projection = Decoded<typeof projection>;

export const volume = object({
  name: required(string(), 'Name, unique in the pod.'),
  configMap: optional(object({ ...keyed, defaultMode: accepted('Rights of the files.') }), 'Values of a ConfigMap as files.'),
  secret: optional(
    object({
      secretName: required(string(), 'Name of the Secret.'),
      items,
      optional: withDefault(bool(), false, 'Go on without it.'),
      defaultMode: accepted('Rights of the files.'),
    }),
    'Values of a Secret as files.',
  ),
  emptyDir: optional(
    object({ medium: accepted('Disk or memory.'), sizeLimit: accepted('How large it may get.') }),
    'A folder that lives as long as the pod.',
  ),
  hostPath: optional(
    object({ path: required(string(), 'Folder or file.'), type: accepted('What must be there.') }),
    'A folder or file of this machine.',
  ),
  persistentVolumeClaim: optional(
    object({ claimName: required(string(), 'Name of the claim.'), readOnly: withDefault(bool(), false, 'Whether pods may write.') }),
    'A volume that outlives the pod: a folder that stays as long as the manifests are applied.',
  ),
  projected: optional(
    object({ sources: withDefault(list(projection), [], 'What it consists of.'), defaultMode: accepted('Rights of the files.') }),
    'Several sources in one folder.',
  ),
  downwardAPI: optional(
    object({ items: withDefault(list(downwardFile), [], 'The files.'), defaultMode: accepted('Rights of the files.') }),
    'Fields of the pod as files.',
  ),
  csi: accepted('A volume of a driver.'),
  ephemeral: accepted('A volume of a driver that lives as long as the pod.'),
  nfs: accepted('A folder of a file server.'),
});

export type Volume = Decoded<typeof volume>;

export const volumeMount = object({
  name: required(string(), 'Which volume.'),
  mountPath: required(string(), 'Where it appears in the container.'),
  subPath: withDefault(string(), '', 'Part of the volume.'),
  readOnly: withDefault(bool(), false, 'Whether the container may write.'),
  mountPropagation: accepted('Whether mounts inside of it are shared.'),
  recursiveReadOnly: accepted('Whether mounts inside of it are read-only.'),
  subPathExpr: withDefault(string(), '', 'Part of the volume, in which $(NAME) is replaced.'),
});

export type VolumeMount = Decoded<typeof volumeMount>;
