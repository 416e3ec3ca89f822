import { type Decoded, duration, list, object, optional, reference, required, string } from '../../schema/schema.ts';
import { ignoredChecks } from '../health-check.ts';
import { k8sConfigLifecycle } from '../k8s/lifecycle.ts';
import type { K8sReserved } from '../k8s/spec.ts';
import { lowerJobs } from '../nomad/lower.ts';
import type { NomadJobSpec } from '../nomad/spec.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  cluster: required(reference('nomad_cluster'), 'The cluster: "nomad_cluster.dev".'),
  paths: required(list(string()), 'Job files, or folders of them (*.nomad, *.hcl, *.json), relative to the blueprint.'),
  health_check: optional(
    object({
      timeout: optional(duration(), 'Accepted; `run --timeout` limits the wait.'),
      nomad_jobs: optional(list(string()), 'Names of jobs to wait for.'),
      jobs: optional(list(string()), 'As `nomad_jobs`.'),
      ...ignoredChecks('http', 'http_success_codes', 'tcp', 'services', 'pods'),
    }),
    'Jobs to wait for. A name that no job has is a warning; `run` waits for all of them in any case.',
  ),
});

export const nomadJob = resourceType<Decoded<typeof schema>, NomadJobSpec, K8sReserved>({
  type: 'nomad_job',
  schema,
  doc: 'Jobs of Nomad, run in a cluster: their groups as allocations with an address of their own, their services registered, with the sidecars that they ask for. A change replaces only the allocations that it concerns.',
  lowerAfter: ['nomad_cluster'],
  lower: lowerJobs,
  ...k8sConfigLifecycle,
});
