import { any, bool, type Decoded, list, object, optional, required, string, withDefault } from '../../schema/schema.ts';

const accepted = (doc: string) => optional(any(), doc);

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

export const volume = object({
  name: required(string(), 'Name, unique in the pod.'),
  configMap: optional(
    object({
      name: required(string(), 'Name of the ConfigMap.'),
      items,
      optional: withDefault(bool(), false, 'Go on without it.'),
      defaultMode: accepted('Rights of the files.'),
    }),
    'Values of a ConfigMap as files.',
  ),
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
  persistentVolumeClaim: accepted('A volume that outlives the pod.'),
  projected: accepted('Several sources in one folder.'),
  downwardAPI: accepted('Fields of the pod as files.'),
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
  subPathExpr: accepted('Part of the volume, with variables.'),
});

export type VolumeMount = Decoded<typeof volumeMount>;
