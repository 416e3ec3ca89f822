import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Workload, WorkloadPort } from '../../base/workload.ts';
import { type Injection, upstreamEnv } from '../inject/inject.ts';
import { withPodName } from '../inject/tags.ts';
import type { PodSet } from '../kinds/kind.ts';
import { type Place, under } from '../place.ts';
import type { InterpretOptions, PodPlan } from '../plan.ts';
import type { Stores } from '../stores.ts';
import type { PodContext } from './context.ts';
import { containerEnv } from './env.ts';
import { expand } from './expand.ts';
import { containerMounts, podVolumes } from './mounts.ts';
import { tcpPorts } from './ports.ts';
import { containerProbes } from './probes.ts';
import type { Container } from './schema.ts';

/** consul-k8s: the inbound port of a pod's sidecar; each pod has an address of its own. */
const SIDECAR_PORT = 20000;

export interface PodInput {
  readonly set: PodSet;
  /** Start of the names of the pods. */
  readonly baseName: string;
  /** The object that runs the pods. */
  readonly owner: { readonly kind: string; readonly name: string; readonly namespace: string };
  readonly injection: Injection | undefined;
  /** Ports on which Services expect the pods to listen, declared by a container or not. */
  readonly servicePorts: readonly number[];
  readonly stores: Stores;
  readonly options: InterpretOptions;
}

/** All pods of a set. Problems are reported once, not once per pod, and none is missed because there are no replicas. */
export function buildPods(input: PodInput, out: Diagnostic[]): PodPlan[] {
  const first = buildPod(input, 0);
  out.push(...first.diagnostics);
  if (hasErrors(first.diagnostics)) return [];
  return Array.from({ length: input.set.replicas }, (_, i) => (i === 0 ? first : buildPod(input, i)).plan);
}

function buildPod(input: PodInput, index: number): { plan: PodPlan; diagnostics: Diagnostic[] } {
  const { owner, set, injection, options } = input;
  const { template } = set;
  const upstreams = injection?.upstreams ?? [];
  const pod: PodContext = {
    name: `${input.baseName}-${index}`,
    namespace: owner.namespace,
    labels: { ...template.metadata?.labels },
    annotations: { ...template.metadata?.annotations },
    serviceAccount: template.spec.serviceAccountName ?? template.spec.serviceAccount ?? 'default',
    nodeName: options.cluster,
    stores: input.stores,
    injectedEnv: upstreamEnv(upstreams),
  };
  const at = under(set.at, 'spec');
  const diagnostics: Diagnostic[] = [];
  const volumes = podVolumes(template.spec, at, pod);
  diagnostics.push(...volumes.diagnostics);
  const containers = template.spec.containers.map((container, i): Omit<Workload, 'address'> => {
    const place = under(at, 'containers', i);
    const mounts = containerMounts(container.volumeMounts, place, volumes.volumes);
    const own = containerParts(container, place, pod, diagnostics);
    diagnostics.push(...mounts.diagnostics);
    return {
      id: `${options.resourceId}/${pod.name}/${container.name}`,
      name: template.spec.containers.length === 1 ? pod.name : `${pod.name}/${container.name}`,
      image: container.image,
      ...own,
      ports: [...tcpPorts([container]), ...(i === 0 ? undeclared(input, tcpPorts(template.spec.containers)) : [])],
      upstreamPorts: upstreams.map((upstream) => upstream.localPort),
      names: [],
      mounts: mounts.mounts,
      stopDeadlineMs: template.spec.terminationGracePeriodSeconds * 1000,
    };
  });
  const plan: PodPlan = {
    name: pod.name,
    namespace: pod.namespace,
    owner: `${owner.kind.toLowerCase()}/${owner.name}`,
    labels: pod.labels,
    containers,
    ...(injection ? { service: registration(injection, pod) } : {}),
    consulNode: `${options.cluster}-virtual`,
  };
  return { plan, diagnostics };
}

function containerParts(container: Container, at: Place, pod: PodContext, out: Diagnostic[]) {
  const { env, diagnostics } = containerEnv(container, at, pod);
  const probes = containerProbes(container, at);
  out.push(...diagnostics, ...probes.diagnostics);
  const lookup = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);
  return {
    ...(container.command ? { entrypoint: container.command.map((text) => expand(text, lookup)) } : {}),
    ...(container.args ? { command: container.args.map((text) => expand(text, lookup)) } : {}),
    env,
    readiness: probes.readiness,
    liveness: probes.liveness,
  };
}

/** `containerPort` only informs, and many leave it out; whoever is meant to listen there is most likely the first container. */
function undeclared(input: PodInput, declared: readonly WorkloadPort[]): WorkloadPort[] {
  const expected = new Set([...(input.injection && input.injection.port > 0 ? [input.injection.port] : []), ...input.servicePorts]);
  return [...expected].filter((port) => !declared.some((known) => known.port === port)).map((port) => ({ port }));
}

/** What consul-k8s registers for a pod. */
function registration(injection: Injection, pod: PodContext): ServiceDefinition {
  return {
    name: injection.service,
    id: `${pod.name}-${injection.service}`,
    port: injection.port,
    address: '',
    tags: injection.tags.map((tag) => withPodName(tag, pod.name)),
    meta: {
      ...Object.fromEntries(Object.entries(injection.meta).map(([key, value]) => [key, withPodName(value, pod.name)])),
      'pod-name': pod.name,
      ...(injection.kubeService === undefined ? {} : { 'k8s-service-name': injection.kubeService }),
      'k8s-namespace': pod.namespace,
    },
    checks: [],
    sidecar: { port: SIDECAR_PORT, upstreams: injection.upstreams, config: injection.config },
  };
}
