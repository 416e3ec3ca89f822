import { posix } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { type InitStep, POD_INDEX, POD_IP, POD_NAME, type PodPlan, type StopHook } from '../../base/pod.ts';
import type { Probe, Workload, WorkloadPort } from '../../base/workload.ts';
import { errorHere, type Place, under, warningHere } from '../../schema/place.ts';
import { searchList, serviceName } from '../cluster-names.ts';
import { type Injection, upstreamEnv } from '../inject/inject.ts';
import { registrations } from '../inject/registration.ts';
import type { PodSet } from '../kinds/kind.ts';
import type { InterpretOptions } from '../plan.ts';
import type { Labels } from '../selector.ts';
import type { Stores } from '../stores.ts';
import type { PodContext } from './context.ts';
import { containerEnv } from './env.ts';
import { expand } from './expand.ts';
import { stopHook } from './hooks.ts';
import { containerMounts } from './mounts.ts';
import { tcpPorts } from './ports.ts';
import { containerProbes } from './probes.ts';
import type { Container, PodSpec } from './schema.ts';
import { type Content, podVolumes } from './volumes.ts';

export interface PodInput {
  readonly set: PodSet;
  readonly namespace: string;
  readonly injection: Injection | undefined;
  /** Ports on which Services expect the pods to listen, declared by a container or not. */
  readonly servicePorts: readonly number[];
  readonly stores: Stores;
  readonly options: InterpretOptions;
}

/** What every pod of a set is. Problems are reported once, not once per pod, and none is missed because there are no replicas. */
export function buildPod(input: PodInput, out: Diagnostic[]): PodPlan {
  const { set, namespace, injection, options } = input;
  const { spec } = set.template;
  const pod = contextOf(input);
  const at = under(set.at, 'spec');
  const volumes = podVolumes(spec, at, pod);
  out.push(...volumes.diagnostics);
  const stopHooks: Record<string, StopHook> = {};
  const workloadOf = (container: Container, place: Place): Workload => {
    const hook = stopHook(container, place, out);
    const hint = options.imageHint?.(container.image);
    if (hint !== undefined) out.push(errorHere(under(place, 'image'), `image "${container.image}" can't run here`, { hint }));
    const id = `${options.resourceId}/${POD_NAME}/${container.name}`;
    if (hook) stopHooks[id] = hook;
    return {
      id,
      name: pod.containers.length === 1 ? POD_NAME : `${POD_NAME}/${container.name}`,
      image: container.image,
      ...containerParts(container, place, pod, volumes.volumes, out),
      address: POD_IP,
      upstreamPorts: (injection?.upstreams ?? []).map((upstream) => upstream.localPort),
      names: [],
      search: searchList(namespace, options.cluster),
      ...(spec.hostAliases.length > 0 ? { hosts: hostsOf(spec) } : {}),
      stopDeadlineMs: spec.terminationGracePeriodSeconds * 1000,
    };
  };
  const init = spec.initContainers.map(
    (container, i): InitStep => ({
      mode: container.restartPolicy === 'Always' ? 'sidecar' : 'once',
      workload: workloadOf(container, under(at, 'initContainers', i)),
    }),
  );
  const containers = spec.containers.map((container, i) => {
    const workload = workloadOf(container, under(at, 'containers', i));
    const ports = i === 0 ? [...workload.ports, ...undeclared(input)] : workload.ports;
    const readiness = workload.readiness.length > 0 ? workload.readiness : listening(ports);
    return { ...workload, ports, readiness };
  });
  const neighbourPorts = neighbourPortsIn([...init.map(({ workload }) => workload), ...containers]);
  return {
    namespace,
    labels: pod.labels,
    init: init.map((step) => ({ ...step, workload: neighbourPorts(step.workload) })),
    containers: containers.map(neighbourPorts),
    stopHooks,
    services: injection ? registrations(injection, namespace) : [],
    consulNode: `${options.cluster}-virtual`,
    names: podNames(input),
  };
}

/** All containers of a pod have one localhost. */
function neighbourPortsIn(workloads: readonly Workload[]): (workload: Workload) => Workload {
  return (workload) => {
    const others = workloads.filter(({ id }) => id !== workload.id).flatMap(({ ports }) => ports.map(({ port }) => port));
    return others.length === 0 ? workload : { ...workload, neighbourPorts: [...new Set(others)] };
  };
}

/** Labels that a cluster adds to those of the template. */
export function podLabels({ template, stateful }: PodSet): Labels {
  const added = stateful ? { 'apps.kubernetes.io/pod-index': POD_INDEX, 'statefulset.kubernetes.io/pod-name': POD_NAME } : {};
  return { ...template.metadata?.labels, ...added };
}

function contextOf({ set, namespace, injection, stores, options }: PodInput): PodContext {
  const { metadata, spec } = set.template;
  return {
    name: POD_NAME,
    namespace,
    labels: podLabels(set),
    annotations: { ...metadata?.annotations },
    serviceAccount: spec.serviceAccountName ?? spec.serviceAccount ?? 'default',
    nodeName: options.cluster,
    containers: [...spec.initContainers, ...spec.containers],
    claims: new Map(set.stateful?.claims.map((claim) => [claim, `${claim}-${POD_NAME}`])),
    stores,
    injectedEnv: {
      ...upstreamEnv(injection?.upstreams ?? []),
      ...(set.job?.indexed ? { JOB_COMPLETION_INDEX: POD_INDEX } : {}),
    },
  };
}

function containerParts(container: Container, at: Place, pod: PodContext, volumes: ReadonlyMap<string, Content>, out: Diagnostic[]) {
  const { env, diagnostics } = containerEnv(container, at, pod);
  const lookup = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);
  const probes = containerProbes(container, at);
  const mounts = containerMounts(container.volumeMounts, at, volumes, lookup);
  out.push(...diagnostics, ...mounts.diagnostics, ...probes.diagnostics);
  const cwd = workingDir(container, at, mounts.mounts, out);
  return {
    ...(container.command ? { entrypoint: container.command.map((text) => expand(text, lookup)) } : {}),
    ...(container.args ? { command: container.args.map((text) => expand(text, lookup)) } : {}),
    ...(cwd === undefined ? {} : { cwd }),
    env,
    ports: tcpPorts([container]),
    mounts: mounts.mounts,
    readiness: probes.readiness,
    liveness: probes.liveness,
  };
}

/** A folder of the image does not exist here; one of a volume does. */
function workingDir(container: Container, at: Place, mounts: Workload['mounts'], out: Diagnostic[]): string | undefined {
  if (container.workingDir === undefined || container.workingDir === '') return undefined;
  const wanted = posix.normalize(container.workingDir);
  const inVolume = mounts.some(({ destination }) => wanted === destination || wanted.startsWith(`${destination}/`));
  if (inVolume) return wanted;
  const summary = `workingDir ${wanted} is in no volume of the container; the process starts in a folder of its own`;
  out.push(warningHere(under(at, 'workingDir'), summary));
  return undefined;
}

function hostsOf(spec: PodSpec): Record<string, string> {
  return Object.fromEntries(spec.hostAliases.flatMap(({ ip, hostnames }) => hostnames.map((name) => [name, ip])));
}

/**
 * A container without a readiness probe is ready for Kubernetes as soon as its process exists. Who waits for `run` to return
 * wants to call it: its ports must accept, as those of a container of a blueprint.
 */
function listening(ports: readonly WorkloadPort[]): Probe[] {
  const probe = { initialDelayMs: 0, periodMs: 10_000, timeoutMs: 1000, successThreshold: 1, failureThreshold: 3 };
  return ports.map(({ port }) => ({ ...probe, action: { type: 'tcp', port } }));
}

/** `containerPort` only informs, and many leave it out; whoever is meant to listen there is most likely the first container. */
function undeclared({ set, injection, servicePorts }: PodInput): WorkloadPort[] {
  const declared = tcpPorts(set.template.spec.containers);
  const injected = (injection?.services ?? []).filter(({ port }) => port > 0).map(({ port }) => port);
  const expected = new Set([...injected, ...servicePorts]);
  return [...expected].filter((port) => !declared.some((known) => known.port === port)).map((port) => ({ port }));
}

/** Kubernetes: a pod is known by its host name under the Service that its subdomain names; a StatefulSet sets both. */
function podNames({ set, namespace, options }: PodInput): string[] {
  const { hostname = POD_NAME, subdomain } = set.template.spec;
  const service = set.stateful ? set.stateful.serviceName : (subdomain ?? '');
  if (service === '' || (!set.stateful && set.template.spec.hostname === undefined)) return [];
  return [serviceName(`${set.stateful ? POD_NAME : hostname}.${service}`, namespace, options.cluster)];
}
