import { any, bool, type Decoded, int, list, map, object, oneOf, optional, required, string, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { hook, probe } from './probe-schema.ts';
import { fieldRef, resourceFieldRef } from './reference-schema.ts';
import { volume, volumeMount } from './volume-schema.ts';

const keyRef = object({
  name: required(string(), 'Name of the ConfigMap or Secret.'),
  key: required(string(), 'Key in it.'),
  optional: withDefault(bool(), false, 'Leave the variable out when there is no such key.'),
});

const wholeRef = object({
  name: required(string(), 'Name of the ConfigMap or Secret.'),
  optional: withDefault(bool(), false, 'Go on without it.'),
});

const envVar = object({
  name: required(string(), 'Name of the variable.'),
  value: optional(string(), 'Its value, in which $(NAME) is replaced.'),
  valueFrom: optional(
    object({
      configMapKeyRef: optional(keyRef, 'A key of a ConfigMap.'),
      secretKeyRef: optional(keyRef, 'A key of a Secret.'),
      fieldRef: optional(fieldRef, 'A field of the pod.'),
      resourceFieldRef: optional(resourceFieldRef, 'A limit or request of the container.'),
    }),
    'Where the value comes from.',
  ),
});

const containerPort = object({
  containerPort: required(int(1, 65535), 'Port that the container listens on.'),
  name: optional(string(), 'Name of the port.'),
  protocol: withDefault(string(['TCP', 'UDP', 'SCTP']), 'TCP', 'Transport.'),
  hostPort: accepted('Port of the node.'),
  hostIP: accepted('Address of the node.'),
});

export const container = object({
  name: required(string(), 'Name, unique in the pod.'),
  image: required(string(), 'What to run.'),
  command: optional(list(string()), 'Replaces the entry point of the image.'),
  args: optional(list(string()), 'Replaces the arguments of the image.'),
  env: withDefault(list(envVar), [], 'Environment variables.'),
  envFrom: withDefault(
    list(
      object({
        prefix: withDefault(string(), '', 'Put before each name.'),
        configMapRef: optional(wholeRef, 'All keys of a ConfigMap.'),
        secretRef: optional(wholeRef, 'All keys of a Secret.'),
      }),
    ),
    [],
    'Whole ConfigMaps and Secrets as environment variables.',
  ),
  ports: withDefault(list(containerPort), [], 'Ports that the container listens on.'),
  readinessProbe: optional(probe, 'When the container takes traffic.'),
  livenessProbe: optional(probe, 'When it is restarted.'),
  startupProbe: optional(probe, 'When it has started.'),
  volumeMounts: withDefault(list(volumeMount), [], 'Where volumes appear.'),
  lifecycle: optional(
    object({
      preStop: optional(hook, 'What happens before the container is asked to end.'),
      postStart: accepted('What happens once it has started.'),
      stopSignal: accepted('How it is asked to end.'),
    }),
    'Commands at start and stop.',
  ),
  workingDir: optional(string(), 'Folder that it starts in.'),
  restartPolicy: optional(oneOf('Always'), 'Of an init container: it is kept running beside the others.'),
  imagePullPolicy: accepted('When the image is fetched.'),
  resources: optional(
    object({
      limits: optional(map(any()), 'What it may use at most.'),
      requests: optional(map(any()), 'What it needs.'),
      claims: accepted('Devices.'),
    }),
    'Processor and memory: not enforced, and known to resourceFieldRef.',
  ),
  resizePolicy: accepted('How resources change.'),
  securityContext: accepted('Rights of the container.'),
  stdin: accepted('Whether standard input is open.'),
  stdinOnce: accepted('Whether standard input closes after the first client.'),
  terminationMessagePath: accepted('File of the last words.'),
  terminationMessagePolicy: accepted('Where the last words come from.'),
  tty: accepted('Whether there is a terminal.'),
  volumeDevices: accepted('Block devices.'),
});

export type Container = Decoded<typeof container>;

export const podSpec = object({
  containers: required(list(container), 'What runs in each pod.'),
  volumes: withDefault(list(volume), [], 'Files that containers mount.'),
  terminationGracePeriodSeconds: withDefault(int(0), 30, 'Seconds between the request to stop and the end.'),
  serviceAccountName: optional(string(), 'Account of the pod.'),
  serviceAccount: optional(string(), 'Old name of serviceAccountName.'),
  initContainers: withDefault(list(container), [], 'Containers that run before the others.'),
  ephemeralContainers: accepted('Containers for debugging.'),
  hostNetwork: accepted('Whether the pod shares the network of the node.'),
  hostAliases: withDefault(
    list(
      object({
        ip: required(string(), 'Address.'),
        hostnames: withDefault(list(string()), [], 'Names for it.'),
      }),
    ),
    [],
    'Lines of /etc/hosts.',
  ),
  hostname: optional(string(), 'Host name of the pod.'),
  subdomain: optional(string(), 'Headless Service under whose name the host name is known.'),
  activeDeadlineSeconds: optional(int(1), 'How long a pod that ends may run.'),
  affinity: accepted('Which nodes fit.'),
  automountServiceAccountToken: accepted('Whether it gets a token of the API server.'),
  dnsConfig: accepted('Settings of the resolver.'),
  dnsPolicy: accepted('Which resolver it uses.'),
  enableServiceLinks: accepted('Whether Services appear as environment variables.'),
  hostIPC: accepted('Whether it shares the memory of the node.'),
  hostPID: accepted('Whether it sees the processes on the node.'),
  hostUsers: accepted('Whether it shares the users of the node.'),
  imagePullSecrets: accepted('Secrets for fetching images.'),
  nodeName: accepted('Node that it runs on.'),
  nodeSelector: accepted('Which nodes fit.'),
  os: accepted('System that it needs.'),
  overhead: accepted('Resources of the sandbox.'),
  preemptionPolicy: accepted('Whether it may push others out.'),
  priority: accepted('How important it is.'),
  priorityClassName: accepted('How important it is.'),
  readinessGates: accepted('Further conditions of being ready.'),
  resourceClaims: accepted('Devices.'),
  restartPolicy: optional(oneOf('Always', 'OnFailure', 'Never'), 'When containers are restarted.'),
  runtimeClassName: accepted('Which runtime.'),
  schedulerName: accepted('Which scheduler.'),
  schedulingGates: accepted('What scheduling waits for.'),
  securityContext: accepted('Rights of the processes.'),
  setHostnameAsFQDN: accepted('Form of the host name.'),
  shareProcessNamespace: accepted('Whether containers see each other.'),
  tolerations: accepted('Which nodes fit.'),
  topologySpreadConstraints: accepted('How pods are spread over nodes.'),
});

export type PodSpec = Decoded<typeof podSpec>;

export const podTemplate = object({
  metadata: optional(
    object({
      labels: optional(map(string()), 'Labels of each pod.'),
      annotations: optional(map(string()), 'Annotations of each pod; the injector reads them.'),
      name: accepted('Written by exporters.'),
      namespace: accepted('Written by exporters.'),
      creationTimestamp: accepted('Written by exporters.'),
    }),
    'Labels and annotations of each pod.',
  ),
  spec: required(podSpec, 'Containers and volumes of each pod.'),
});

export type PodTemplate = Decoded<typeof podTemplate>;
