import { posix } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { listenPorts } from '../base/listen-ports.ts';
import { POD_IP, POD_NAME } from '../base/pod.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Probe, Workload, WorkloadPort } from '../base/workload.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import { type DriverConfig, driverConfig } from './driver-config.ts';
import { nodeValues, nomadEnv } from './env.ts';
import { interpolate, type Values } from './interpolate.ts';
import type { Group } from './job-schema.ts';
import { type MadeFile, mountsOf } from './mounts.ts';
import type { InterpretOptions } from './plan.ts';
import { claimedPorts, type PortTable } from './ports.ts';
import type { JobObject } from './read.ts';
import type { PlacedService, Upstreams } from './services.ts';
import type { Task } from './task-schema.ts';
import { envOfTemplate, renderTemplate } from './template.ts';

export interface GroupInput {
  readonly job: JobObject;
  readonly group: Group;
  readonly at: Place;
  readonly options: InterpretOptions;
}

/** What the parts of an allocation know of each other. */
export interface Shared extends GroupInput {
  readonly ports: PortTable;
  readonly upstreams: Upstreams;
  readonly services: readonly PlacedService[];
}

/** A task with its environment, which all its texts may name. */
export interface PlacedTask {
  readonly task: Task;
  readonly at: Place;
  readonly values: Values;
  readonly files: readonly MadeFile[];
  readonly config: DriverConfig | undefined;
}

/** Reads a task as far as it stands alone. */
export function taskOf(task: Task, at: Place, shared: Shared, out: Diagnostic[]): PlacedTask {
  const { job, group, ports, upstreams, options } = shared;
  const given = nomadEnv({ job, group, task, ports, upstreams: upstreams.upstreams, options });
  const node = nodeValues(options);
  for (const [key, value] of Object.entries({ ...job.body.meta, ...group.meta, ...task.meta })) node[`meta.${key}`] = value;
  const env: Record<string, string> = { ...given };
  for (const [name, text] of Object.entries(task.env ?? {})) {
    env[name] = interpolate(text, { env, node }, under(at, 'env', name), out);
  }
  const files: MadeFile[] = [];
  for (const [i, template] of (task.template ?? []).entries()) {
    const place = under(at, 'template', i);
    if (template.data === undefined)
      out.push(
        errorHere(under(place, 'destination'), 'a template needs "data"', {
          hint: 'write data = <<EOF … EOF, or data = file("app.conf.tpl")',
        }),
      );
    const text = renderTemplate(template, { env, node }, under(place, 'data'), out);
    if (template.env) Object.assign(env, envOfTemplate(text));
    const path = posix.resolve('/', interpolate(template.destination, { env, node }, under(place, 'destination'), out));
    files.push({ path, text, executable: /^[0-7]*[1357][0-7]*$/.test(template.perms ?? '') });
  }
  if (task.lifecycle && task.lifecycle.hook !== 'prestart' && !(task.lifecycle.hook === 'poststart' && task.lifecycle.sidecar)) {
    const detail = 'tasks can run before the others (prestart), or beside them (sidecar = true)';
    out.push(errorHere(under(at, 'lifecycle', 'hook'), `a task that runs once at "${task.lifecycle.hook}" is not supported`, { detail }));
  }
  return { task, at, values: { env, node }, files, config: driverConfig(task, at, out) };
}

/** What a task runs as. `isFirst`: ports of the group that no task claims are its. */
export function workloadOf(
  { task, at, values, files, config }: PlacedTask,
  probes: readonly Probe[],
  isFirst: boolean,
  shared: Shared,
  out: Diagnostic[],
): Workload {
  const { group, ports, upstreams, options } = shared;
  const image = config?.image ?? '';
  const place = under(at, 'config');
  const fill = (text: string, ...path: (string | number)[]): string => interpolate(text, values, under(place, ...path), out);
  const name = group.task.length === 1 ? POD_NAME : `${POD_NAME}/${task.name}`;
  const resolved = image === '' ? { env: {} } : options.image(fill(image, 'image'));
  if ('hint' in resolved) out.push(errorHere(under(place, 'image'), `image "${image}" can't run here`, resolved));
  const imageEnv = 'env' in resolved ? resolved.env : {};
  const labelled = (config?.ports ?? []).flatMap((label, i): WorkloadPort[] => {
    if (Object.hasOwn(ports.ports, label)) return [{ name: label, port: ports.ports[label]! }];
    const known = Object.keys(ports.ports);
    const detail =
      known.length === 0 ? 'the group has none: network { port "http" { to = 9090 } }' : `ports of the group: ${known.join(', ')}`;
    out.push(errorHere(under(place, 'ports', i), `there is no port "${label}"`, { detail, ...didYouMean(label, known) }));
    return [];
  });
  const claimed = group.task.flatMap((one) => claimedPorts(one.config));
  const rest = Object.entries(ports.ports).flatMap(([label, port]): WorkloadPort[] =>
    isFirst && !claimed.includes(label) ? [{ name: label, port }] : [],
  );
  const own = Object.entries(values.env).filter(([variable]) => !variable.startsWith('NOMAD_'));
  const listening = listenPorts({ ...imageEnv, ...Object.fromEntries(own) }).map((port): WorkloadPort => ({ port }));
  const checked = probes.flatMap(({ action }): WorkloadPort[] => (action.type === 'exec' ? [] : [{ port: action.port }]));
  return {
    id: `${options.resourceId}/${POD_NAME}/${task.name}`,
    name,
    image: image === '' ? '' : fill(image, 'image'),
    ...(config?.entrypoint
      ? {
          entrypoint: config.entrypoint.map((word, i) =>
            image === '' && i === 0 ? fill(word, 'command') : fill(word, image === '' ? 'args' : 'entrypoint'),
          ),
        }
      : {}),
    ...(config?.command ? { command: config.command.map((word) => fill(word, 'args')) } : {}),
    ...(config?.workDir === undefined ? {} : { cwd: fill(config.workDir, 'work_dir') }),
    env: values.env,
    address: POD_IP,
    ports: distinct([...labelled, ...rest, ...listening, ...checked]),
    upstreamPorts: upstreams.upstreams.map(({ localPort }) => localPort),
    names: [],
    mounts: config ? mountsOf({ group, task, at, config, files }, out) : [],
    readiness: probes,
    liveness: [],
    stopDeadlineMs: task.kill_timeout / 1e6,
  };
}

function distinct(ports: readonly WorkloadPort[]): WorkloadPort[] {
  return ports.filter(({ port }, i) => port > 0 && ports.findIndex((one) => one.port === port) === i);
}
