import type { Diagnostic } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { decode } from '../schema/decode.ts';
import type { LocatedMap } from '../schema/located.ts';
import { errorAtKey, errorHere, keyRangeAt, type Place, under, valueAt } from '../schema/place.ts';
import { int, list, map, object, optional, required, string, withDefault } from '../schema/schema.ts';
import { accepted } from './accepted.ts';
import { shaped } from './shape.ts';
import type { Task } from './task-schema.ts';

const MOUNT = object({
  type: withDefault(
    string(['bind', 'volume', 'tmpfs']),
    'volume',
    '`bind`: a file or folder. `volume`, `tmpfs`: a folder of the allocation.',
  ),
  source: withDefault(string(), '', 'Of `bind`: a path of this machine, or of the task.'),
  target: required(string(), 'Where the task sees it.'),
  readonly: accepted('Not enforced for local processes.'),
  bind_options: accepted('There are no mounts.'),
  volume_options: accepted('There are no mounts.'),
  tmpfs_options: accepted('There are no mounts.'),
});

const IGNORED =
  'advertise_ipv6_address auth auth_soft_fail cap_add cap_drop cgroupns container_exists_attempts cpu_cfs_period cpu_hard_limit devices dns_options dns_search_domains dns_servers extra_hosts force_pull group_add healthchecks hostname image_pull_timeout init interactive ipc_mode ipv4_address ipv6_address isolation labels load logging mac_address memory_hard_limit network_aliases network_mode oom_score_adj pid_mode pids_limit privileged readonly_rootfs runtime security_opt shm_size storage_opt sysctl tty ulimit uts_mode userns_mode volume_driver windows_allow_insecure_container_admin'.split(
    ' ',
  );

const docker = object({
  image: required(string(), 'A built-in image.'),
  entrypoint: optional(list(string()), "Replaces the image's entry point."),
  command: optional(string(), "Replaces the image's command."),
  args: optional(list(string()), 'Its arguments.'),
  ports: optional(list(string()), 'Labels of ports of the group.'),
  port_map: optional(map(int(0, 65535)), 'Ports of the task by label, as jobs had them before Nomad 0.12.'),
  volumes: optional(list(string()), '`source:destination`; a relative source is in the folder of the task.'),
  mount: optional(list(MOUNT), 'As `volumes`.'),
  mounts: optional(list(MOUNT), 'As `mount`.'),
  work_dir: optional(string(), 'Folder in which it starts: one that the task sees.'),
  ...Object.fromEntries(IGNORED.map((name) => [name, accepted('Means nothing to a program of this machine.')])),
});

const program = object({
  command: required(string(), 'A program of this machine, or one in the folder of the task.'),
  args: optional(list(string()), 'Its arguments.'),
  work_dir: optional(string(), 'Folder in which it starts.'),
  ...Object.fromEntries(
    [
      'pid_mode',
      'ipc_mode',
      'cap_add',
      'cap_drop',
      'no_cgroups',
      'cgroup_v1_override',
      'cgroup_v2_override',
      'oom_score_adj',
      'denied_envvars',
    ].map((name) => [name, accepted('Means nothing to a program of this machine.')]),
  ),
});

/** What a task runs, whatever its driver calls it. */
export interface DriverConfig {
  /** Empty: a program of this machine. */
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Labels of the ports that it listens on. Absent: it does not say. */
  readonly ports?: readonly string[];
  readonly volumes: readonly { readonly source: string; readonly destination: string; readonly at: Place }[];
  readonly workDir?: string;
}

const DRIVERS = ['docker', 'exec', 'raw_exec'];
const OTHERS: Readonly<Record<string, string>> = {
  java: 'run it as a program: driver = "raw_exec", config { command = "java" args = ["-jar", …] }',
  qemu: 'there are no virtual machines here',
  podman: 'for built-in images write driver = "docker"',
  exec2: 'write driver = "exec"',
};

/** Reads the `config` of a task by its driver. Undefined when it can't be read, which is reported. */
export function driverConfig(task: Task, at: Place, out: Diagnostic[]): DriverConfig | undefined {
  const place = under(at, 'config');
  if (!DRIVERS.includes(task.driver)) {
    const detail = `expected one of: ${DRIVERS.join(', ')}`;
    const hint =
      OTHERS[task.driver] === undefined ? didYouMean(task.driver, [...DRIVERS, ...Object.keys(OTHERS)]) : { hint: OTHERS[task.driver]! };
    out.push(errorHere(under(at, 'driver'), `the driver "${task.driver}" can't run here`, { detail, ...hint }));
    return undefined;
  }
  const located = valueAt(place);
  const body = located?.type === 'list' && located.items.length === 1 ? located.items[0] : located;
  if (body?.type !== 'map') {
    const hint = task.driver === 'docker' ? 'config { image = "…" }' : 'config { command = "…" }';
    out.push(errorAtKey(located ? place : under(at, 'name'), `task "${task.name}" needs "config"`, { hint }));
    return undefined;
  }
  return task.driver === 'docker' ? dockerConfig(body, place, task.name, out) : programConfig(body, place, task.name, out);
}

const optionsOf = (name: string, at: Place): { subject: string; header?: Range } => {
  const header = keyRangeAt(at);
  return { subject: `config of task "${name}"`, ...(header ? { header } : {}) };
};

function dockerConfig(body: LocatedMap, at: Place, name: string, out: Diagnostic[]): DriverConfig | undefined {
  const { value, diagnostics } = decode(shaped(body, docker), docker, optionsOf(name, at));
  out.push(...diagnostics);
  if (diagnostics.length > 0) return undefined;
  const volumes = (value.volumes ?? []).flatMap((text, i) => {
    const place = under(at, 'volumes', i);
    const [source = '', destination = ''] = text.split(':');
    if (!destination.startsWith('/')) {
      out.push(errorHere(place, `${JSON.stringify(text)} is not a volume`, { detail: 'expected "source:/destination"' }));
      return [];
    }
    return [{ source, destination, at: place }];
  });
  const mounts = (['mount', 'mounts'] as const).flatMap((field) =>
    (value[field] ?? []).map(({ type, source, target }, i) => ({
      source: type === 'bind' ? source : '',
      destination: target,
      at: under(at, field, i, 'source'),
    })),
  );
  const words = [...(value.command === undefined ? [] : [value.command]), ...(value.args ?? [])];
  return {
    image: value.image,
    ...(value.entrypoint ? { entrypoint: value.entrypoint } : {}),
    ...(words.length > 0 ? { command: words } : {}),
    ...(value.ports ? { ports: value.ports } : value.port_map ? { ports: Object.keys(value.port_map) } : {}),
    volumes: [...volumes, ...mounts],
    ...(value.work_dir === undefined ? {} : { workDir: value.work_dir }),
  };
}

function programConfig(body: LocatedMap, at: Place, name: string, out: Diagnostic[]): DriverConfig | undefined {
  const { value, diagnostics } = decode(shaped(body, program), program, optionsOf(name, at));
  out.push(...diagnostics);
  if (diagnostics.length > 0) return undefined;
  return {
    image: '',
    entrypoint: [value.command, ...(value.args ?? [])],
    volumes: [],
    ...(value.work_dir === undefined ? {} : { workDir: value.work_dir }),
  };
}
