import { POD_INDEX, POD_IP, POD_SHORT_UID, POD_UID } from '../base/pod.ts';
import type { UpstreamDefinition } from '../base/registration.ts';
import type { Group, Job } from './job-schema.ts';
import type { InterpretOptions } from './plan.ts';
import type { PortTable } from './ports.ts';
import type { Task } from './task-schema.ts';

interface TaskPlace {
  readonly job: { readonly name: string; readonly body: Job };
  readonly group: Group;
  readonly task: Task;
  readonly ports: PortTable;
  readonly upstreams: readonly UpstreamDefinition[];
  readonly options: InterpretOptions;
}

/** The folders that each task finds. */
export const FOLDERS = { alloc: '/alloc', local: '/local', secrets: '/secrets' } as const;

/** The variables that Nomad gives a task, by the list of its documentation. */
export function nomadEnv({ job, group, task, ports, upstreams, options }: TaskPlace): Record<string, string> {
  return {
    NOMAD_ALLOC_DIR: FOLDERS.alloc,
    NOMAD_TASK_DIR: FOLDERS.local,
    NOMAD_SECRETS_DIR: FOLDERS.secrets,
    NOMAD_ALLOC_ID: POD_UID,
    NOMAD_SHORT_ALLOC_ID: POD_SHORT_UID,
    NOMAD_ALLOC_NAME: `${job.name}.${group.name}[${POD_INDEX}]`,
    NOMAD_ALLOC_INDEX: POD_INDEX,
    NOMAD_TASK_NAME: task.name,
    NOMAD_GROUP_NAME: group.name,
    NOMAD_JOB_ID: job.name,
    NOMAD_JOB_NAME: job.name,
    NOMAD_DC: options.nomadDatacenter,
    NOMAD_REGION: 'global',
    NOMAD_NAMESPACE: 'default',
    NOMAD_CPU_LIMIT: '100',
    NOMAD_MEMORY_LIMIT: '300',
    ...metaEnv({ ...job.body.meta, ...group.meta, ...task.meta }),
    ...portEnv(ports),
    ...upstreamEnv(upstreams),
  };
}

function metaEnv(meta: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(meta).map(([key, value]) => [clean(key), value] as const);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => [
      [`NOMAD_META_${key}`, value],
      [`NOMAD_META_${key.toUpperCase()}`, value],
    ]),
  );
}

/** A port as Nomad tells a task of it; with the name of the task before the label for those in its `resources`. */
function portEnv({ ports, tasks }: PortTable): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [label, port] of Object.entries(ports)) {
    const names = [label, ...(tasks[label] === undefined ? [] : [`${tasks[label]}_${label}`])].map(clean);
    for (const name of names) {
      env[`NOMAD_IP_${name}`] = POD_IP;
      env[`NOMAD_PORT_${name}`] = String(port);
      env[`NOMAD_ADDR_${name}`] = `${POD_IP}:${port}`;
      env[`NOMAD_ALLOC_IP_${name}`] = POD_IP;
      env[`NOMAD_ALLOC_PORT_${name}`] = String(port);
      env[`NOMAD_ALLOC_ADDR_${name}`] = `${POD_IP}:${port}`;
      env[`NOMAD_HOST_IP_${name}`] = POD_IP;
      env[`NOMAD_HOST_PORT_${name}`] = String(port);
      env[`NOMAD_HOST_ADDR_${name}`] = `${POD_IP}:${port}`;
    }
  }
  return env;
}

function upstreamEnv(upstreams: readonly UpstreamDefinition[]): Record<string, string> {
  return Object.fromEntries(
    upstreams.flatMap(({ service, localAddress, localPort }) => {
      const name = clean(service);
      return [
        [`NOMAD_UPSTREAM_ADDR_${name}`, `${localAddress}:${localPort}`],
        [`NOMAD_UPSTREAM_IP_${name}`, localAddress],
        [`NOMAD_UPSTREAM_PORT_${name}`, String(localPort)],
      ];
    }),
  );
}

/** Nomad: what a name of a variable can't have becomes `_`. */
const clean = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/** What a job may ask of the node: `${node.datacenter}`. */
export function nodeValues({ node, nomadDatacenter }: InterpretOptions): Record<string, string> {
  return {
    'node.unique.id': POD_UID,
    'node.unique.name': node,
    'node.datacenter': nomadDatacenter,
    'node.region': 'global',
    'node.class': '',
    'node.pool': 'default',
    'attr.unique.hostname': node,
    'attr.unique.network.ip-address': POD_IP,
    'attr.kernel.name': 'linux',
    'attr.nomad.version': '1.9.0',
    'attr.unique.consul.name': node,
  };
}
