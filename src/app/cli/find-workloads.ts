import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { RunReport, ServiceReport, StatusReport, WorkloadReport } from '../rpc/status.ts';

/**
 * What a name stands for: a workload by its name or id (`payments`, `container.payments`), all of a pod (`web-0`) or one of
 * its containers (`web-0/app`), or what serves a service (`web`).
 */
export function findWorkloads(name: string, { workloads, services }: Pick<StatusReport, 'workloads' | 'services'>): WorkloadReport[] {
  const exact = workloads.filter((workload) => workload.name === name || workload.id === name);
  if (exact.length > 0) return exact;
  const inPod = workloads.filter(({ id }) => id.endsWith(`/${name}`) || id.split('/').slice(1, -1).includes(name));
  if (inPod.length > 0) return inPod;
  const instances = services.filter((service) => service.name === name).flatMap((service) => service.instances);
  return workloads.filter((workload) => instances.some((instance) => runs(workload, instance, name)));
}

/** What ran to its end, or is on its way there: by the name or id of a command, a Job (`migrate`), or one of its pods. */
export function findRuns(name: string, { runs }: Pick<StatusReport, 'runs'>): RunReport[] {
  const isPodOf = (part: string) => part === name || (part.startsWith(`${name}-`) && /^\d+$/.test(part.slice(name.length + 1)));
  return runs.filter((run) => run.name === name || run.id === name || run.id.split('/').slice(1, -1).some(isPodOf));
}

/**
 * A container is a node of its own name; the instance of a pod is called `<pod>-<service>`, with a number behind it if the
 * pod has taken the place of another one, and its workloads have the pod in their ids.
 */
function runs({ id, name, generation }: WorkloadReport, instance: ServiceReport['instances'][number], service: string): boolean {
  const end = `-${service}${generation === undefined ? '' : `-${generation}`}`;
  const pod = instance.id.endsWith(end) ? instance.id.slice(0, -end.length) : undefined;
  return instance.node === name || (pod !== undefined && id.split('/').includes(pod));
}

export function nothingCalled(
  name: string,
  { workloads, services }: Pick<StatusReport, 'workloads' | 'services'>,
  more: string[] = [],
): MeshError {
  const known = [...new Set([...workloads.map((workload) => workload.name), ...services.map((service) => service.name), ...more])];
  if (services.some((service) => service.name === name)) {
    return new MeshError('failed', `none of the workloads here is an instance of service ${name}`, {
      hint: `mesh status ${shellWord(name)}`,
    });
  }
  return new MeshError('failed', `nothing called ${JSON.stringify(name)} runs here`, {
    hint: known.length === 0 ? 'mesh run v2' : `there are: ${known.join(', ')}`,
    ...didYouMean(name, known),
  });
}

/** What tells a workload from others that are shown beside it: while one takes the place of another, both have one id. */
export function distinct<T extends Pick<WorkloadReport, 'id' | 'owners'>>(
  workload: T,
  shown: (one: T) => string,
  among: readonly T[],
): string {
  const text = shown(workload);
  return among.filter((other) => shown(other) === text).length > 1 && workload.owners.length > 0
    ? `${text} (${workload.owners.join(', ')})`
    : text;
}
