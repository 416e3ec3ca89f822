import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import type { InitStep, PodPlan } from '../base/pod.ts';
import type { ServiceDefinition, WrittenCall } from '../base/registration.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Probe, Workload } from '../base/workload.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import { nodeValues } from './env.ts';
import { interpolate, type Values } from './interpolate.ts';
import type { Group } from './job-schema.ts';
import { type PortTable, portsOf } from './ports.ts';
import { probesOf } from './readiness.ts';
import { checkConnect, type PlacedService, registrationOf, servicesOf, upstreamsOf } from './services.ts';
import { type GroupInput, type PlacedTask, type Shared, taskOf, workloadOf } from './task.ts';
import type { Task } from './task-schema.ts';

export interface Allocation {
  readonly pod: PodPlan;
  readonly ports: PortTable;
  readonly calls: readonly WrittenCall[];
}

/** What every allocation of a group is. Problems are reported once, not once per allocation. */
export function allocationOf(input: GroupInput, out: Diagnostic[]): Allocation {
  const { job, group, at, options } = input;
  const ports = portsOf(group, at, out);
  const services = servicesOf(group, at);
  const upstreams = upstreamsOf(services, ports, out);
  const shared: Shared = { ...input, ports, upstreams, services };
  const tasks = group.task.map((task, i) => taskOf(task, under(at, 'task', i), shared, out));
  checkNames(group, at, out);
  const probes = new Map<string, Probe[]>();
  const registrations: ServiceDefinition[] = [];
  for (const placed of services) {
    const task = ownerOf(placed, tasks, out);
    const values: Values = task?.values ?? { env: {}, node: nodeValues(options) };
    const fill = (text: string, place: Place): string => interpolate(text, values, place, out);
    const hasSidecar = checkConnect(placed, group, out);
    const sidecars = registrations.filter(({ sidecar }) => sidecar !== undefined).length;
    const defaultName = [job.name, group.name, ...(placed.task === undefined ? [] : [placed.task])].join('-');
    registrations.push(registrationOf(placed, { group, ports, sidecars, hasSidecar, defaultName, fill }, out));
    for (const { probe, task: named } of probesOf(placed, { ports, fill }, out)) {
      const name = named ?? mainTask(tasks)?.task.name ?? '';
      if (name !== placed.task && !tasks.some((one) => one.task.name === name)) out.push(noTask(name, placed.at, tasks));
      probes.set(name, [...(probes.get(name) ?? []), probe]);
    }
  }
  const workloads = tasks.map((task) =>
    workloadOf(task, probes.get(task.task.name) ?? [], isMain(task.task) && task === mainTask(tasks), shared, out),
  );
  return { pod: podOf(workloads, tasks, registrations, input), ports, calls: upstreams.calls };
}

const isMain = ({ lifecycle }: Task): boolean => lifecycle === undefined;
const mainTask = (tasks: readonly PlacedTask[]): PlacedTask | undefined => tasks.find(({ task }) => isMain(task));

function podOf(
  workloads: readonly Workload[],
  tasks: readonly PlacedTask[],
  services: readonly ServiceDefinition[],
  { job, options }: GroupInput,
): PodPlan {
  const all = workloads.map((workload) => {
    const others = workloads.filter(({ id }) => id !== workload.id).flatMap(({ ports }) => ports.map(({ port }) => port));
    return others.length === 0 ? workload : { ...workload, neighbourPorts: [...new Set(others)] };
  });
  const init = all.flatMap((workload, i): InitStep[] => {
    const { lifecycle } = tasks[i]!.task;
    return lifecycle?.hook === 'prestart' ? [{ mode: lifecycle.sidecar ? 'sidecar' : 'once', workload }] : [];
  });
  return {
    namespace: job.name,
    labels: {},
    init,
    containers: all.filter((_, i) => tasks[i]!.task.lifecycle?.hook !== 'prestart'),
    stopHooks: {},
    services,
    consulNode: options.node,
    names: [],
  };
}

/** The task that a service speaks of: its environment fills the texts. */
function ownerOf({ task, at }: PlacedService, tasks: readonly PlacedTask[], out: Diagnostic[]): PlacedTask | undefined {
  if (task === undefined) return mainTask(tasks);
  const found = tasks.find((one) => one.task.name === task);
  if (!found) out.push(noTask(task, under(at, 'task'), tasks));
  return found;
}

function noTask(name: string, at: Place, tasks: readonly PlacedTask[]): Diagnostic {
  const names = tasks.map(({ task }) => task.name);
  return errorHere(at, `the group has no task "${name}"`, { detail: `there are: ${names.join(', ')}`, ...didYouMean(name, names) });
}

function checkNames(group: Group, at: Place, out: Diagnostic[]): void {
  const names = group.task.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    const place = under(at, 'task', i, 'name');
    if (names.indexOf(name) < i) out.push(errorHere(place, `task "${name}" is defined twice`));
    // Ids of workloads are names of files, too.
    if (!/^[\w.-]+$/.test(name))
      out.push(
        errorHere(place, `${JSON.stringify(name)} is not a name for a task here`, { detail: 'expected letters, digits, ".", "_" and "-"' }),
      );
  }
  if (!hasErrors(out) && !group.task.some(isMain)) {
    out.push(errorHere(under(at, 'name'), `group "${group.name}" has only tasks with a lifecycle`, { detail: 'one task must be without' }));
  }
}
