/**
 * Kinds that exist in a cluster and are not interpreted. `ignored`: nothing here could take notice of it, and leaving it out
 * keeps the meaning of the rest. `unsupported`: a cluster would do something that this one does not.
 */
export interface OtherKind {
  readonly effect: 'ignored' | 'unsupported';
  readonly reason: string;
}

const RULES: readonly (readonly [OtherKind, readonly string[]])[] = [
  [{ effect: 'unsupported', reason: 'nothing is run at set times; write a Job to run it once' }, ['CronJob']],
  [{ effect: 'unsupported', reason: 'its pods are not run; write a Deployment' }, ['ReplicationController']],
  [
    { effect: 'unsupported', reason: 'traffic from outside comes in through an `ingress` of the blueprint' },
    ['GRPCRoute', 'Gateway', 'GatewayClass', 'GatewayClassConfig', 'HTTPRoute', 'Ingress', 'IngressClass', 'ReferenceGrant', 'TCPRoute'],
  ],
  [
    { effect: 'unsupported', reason: 'it belongs to the API gateway, which is not supported' },
    ['GatewayPolicy', 'MeshService', 'RouteAuthFilter', 'RouteExtProc', 'RouteRetryFilter', 'RouteTLSSDSFilter', 'RouteTimeoutFilter'],
  ],
  [{ effect: 'unsupported', reason: 'services outside of the mesh are registered with the HTTP API' }, ['Registration']],
  [{ effect: 'unsupported', reason: 'peering is not supported' }, ['PeeringAcceptor', 'PeeringDialer']],
  [
    { effect: 'unsupported', reason: 'the number of replicas stays as written; `mesh scale` changes it' },
    ['HorizontalPodAutoscaler', 'VerticalPodAutoscaler'],
  ],
  [{ effect: 'unsupported', reason: 'nothing here filters traffic between pods; use an intention' }, ['NetworkPolicy']],
  [
    { effect: 'ignored', reason: 'there is no API server whose access it could rule' },
    ['ClusterRole', 'ClusterRoleBinding', 'PodSecurityPolicy', 'Role', 'RoleBinding'],
  ],
  [
    { effect: 'ignored', reason: 'there is no scheduler or kubelet that reads it' },
    ['LimitRange', 'PodDisruptionBudget', 'PriorityClass', 'ResourceQuota', 'RuntimeClass'],
  ],
  [
    { effect: 'ignored', reason: 'there is no API server to extend' },
    ['APIService', 'CustomResourceDefinition', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ],
  [
    { effect: 'ignored', reason: 'volumes here are folders of this machine' },
    ['CSIDriver', 'PersistentVolume', 'PersistentVolumeClaim', 'StorageClass', 'VolumeAttachment'],
  ],
  [
    { effect: 'ignored', reason: 'a cluster writes it by itself' },
    ['ComponentStatus', 'ControllerRevision', 'EndpointSlice', 'Endpoints', 'Event', 'Lease', 'Node'],
  ],
];

export const OTHER_KINDS: ReadonlyMap<string, OtherKind> = new Map(
  RULES.flatMap(([rule, kinds]) => kinds.map((kind) => [kind, rule] as const)),
);

export type Group = 'builtin' | 'official' | 'foreign';

/**
 * Whose kinds an API group holds. All `builtin` ones are known here; `official` groups have kinds that few have heard of;
 * `foreign` ones are extensions, in which even a kind called Service is something else.
 */
export function groupOf(apiVersion: string): Group {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  if (!group.includes('.')) return 'builtin';
  return group.endsWith('.k8s.io') || group === 'consul.hashicorp.com' ? 'official' : 'foreign';
}
