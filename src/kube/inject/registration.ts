import { POD_NAME, POD_UID } from '../../base/pod.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Injection } from './inject.ts';
import { withPodName } from './tags.ts';

/** consul-k8s: the inbound port of a pod's first sidecar, from which the others count on; each pod has an address of its own. */
const SIDECAR_PORT = 20000;

/** What consul-k8s registers for a pod: an instance of each of its services, healthy when the pod is ready. */
export function registrations(injection: Injection, namespace: string): ServiceDefinition[] {
  return injection.services.map(({ name, port, kubeService }, i) => {
    const id = `${POD_NAME}-${name}`;
    return {
      name,
      id,
      port,
      address: '',
      tags: injection.tags.map((tag) => withPodName(tag, POD_NAME)),
      meta: {
        ...Object.fromEntries(Object.entries(injection.meta).map(([key, value]) => [key, withPodName(value, POD_NAME)])),
        'pod-name': POD_NAME,
        ...(kubeService === undefined ? {} : { 'k8s-service-name': kubeService }),
        'k8s-namespace': namespace,
        'managed-by': 'consul-k8s-endpoints-controller',
        'synthetic-node': 'true',
        'pod-uid': POD_UID,
      },
      checks: [
        {
          id: `${namespace}/${id}`,
          name: 'Kubernetes Readiness Check',
          action: { type: 'kubernetes-readiness' },
          intervalMs: 0,
          timeoutMs: 0,
        },
      ],
      sidecar: { port: SIDECAR_PORT + i, upstreams: i === 0 ? injection.upstreams : [], config: injection.config },
    };
  });
}
