import { bool, type Decoded, duration, list, object, optional, reference, required, string } from '../../schema/schema.ts';
import { ignoredChecks } from '../health-check.ts';
import { k8sConfigLifecycle } from '../k8s/lifecycle.ts';
import { lowerManifests } from '../k8s/lower.ts';
import type { K8sConfigSpec, K8sReserved } from '../k8s/spec.ts';
import { resourceType } from '../resource-type.ts';

export type { K8sConfigSpec } from '../k8s/spec.ts';

const schema = object({
  cluster: required(reference('k8s_cluster'), 'The cluster: "k8s_cluster.k3s".'),
  paths: required(list(string()), 'Manifest files, or folders of them (*.yaml, then *.yml), relative to the blueprint.'),
  wait_until_ready: required(bool(), 'Accepted; `run` always waits until everything is ready.'),
  health_check: optional(
    object({
      timeout: optional(duration(), 'Accepted; `run --timeout` limits the wait.'),
      pods: optional(list(string()), 'Label selectors of pods to wait for.'),
      ...ignoredChecks('http', 'http_success_codes', 'tcp', 'services', 'nomad_jobs'),
    }),
    'Pods to wait for. A selector that matches none is a warning.',
  ),
});

export const k8sConfig = resourceType<Decoded<typeof schema>, K8sConfigSpec, K8sReserved>({
  type: 'k8s_config',
  aliases: ['kubernetes_config'],
  schema,
  doc: "Kubernetes manifests, applied to a cluster: pods, Services, Jobs and Consul's custom resources. A change replaces only the pods that it concerns.",
  lowerAfter: ['helm'],
  lower: lowerManifests,
  ...k8sConfigLifecycle,
});
