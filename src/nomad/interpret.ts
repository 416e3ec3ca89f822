import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import type { JobPlan, PodSetPlan } from '../base/pod.ts';
import { inReadingOrder } from '../base/reading-order.ts';
import type { WrittenCall } from '../base/registration.ts';
import { errorHere, type Place, under, warningAtKey, warningHere } from '../schema/place.ts';
import { allocationOf } from './allocation.ts';
import type { Group } from './job-schema.ts';
import type { Interpretation, InterpretOptions, NomadGroupPlan } from './plan.ts';
import type { JobObject } from './read.ts';

/** Nomad: how often a failed task of a batch job is tried again. */
const BATCH_ATTEMPTS = 3;

/**
 * What the jobs of one resource amount to: allocations that go on, and those that run to their end. Pure; everything but the
 * diagnostics and ranges is plain JSON. With errors among the diagnostics the rest is incomplete.
 */
export function interpretJobs(jobs: readonly JobObject[], options: InterpretOptions): Interpretation {
  const diagnostics: Diagnostic[] = [];
  const sets: PodSetPlan[] = [];
  const runs: JobPlan[] = [];
  const groups: NomadGroupPlan[] = [];
  const calls: WrittenCall[] = [];
  const known = new Map<string, JobObject>();
  for (const job of jobs) {
    const first = known.get(job.name);
    if (first) {
      const related = first.nameRange ? { related: { range: first.nameRange, message: 'first defined here' } } : {};
      diagnostics.push(errorAt(job.nameRange, `job "${job.name}" is defined twice`, related));
      continue;
    }
    known.set(job.name, job);
    diagnostics.push(...checkJob(job, options));
    for (const [i, group] of job.body.group.entries()) {
      const at: Place = { root: job.located, path: ['group', i] };
      const problems = checkGroup(job, group, i, at);
      const { pod, ports, calls: own } = allocationOf({ job, group, at, options }, problems);
      diagnostics.push(...distinct(problems));
      calls.push(...own);
      groups.push({ job: job.name, group: group.name, tasks: group.task.map(({ name }) => name), ports: ports.ports, fixed: ports.fixed });
      if (hasErrors(problems)) continue;
      const baseName = baseNameOf(job.name, group.name);
      const owner = `group/${group.name}`;
      const { type } = job.body;
      const count = type === 'system' ? options.clients : type === 'sysbatch' ? options.clients : group.count;
      if (type === 'service' || type === 'system') sets.push({ baseName, owner, replicas: count, naming: 'counted', ordered: false, pod });
      else {
        const backoffLimit = group.restart?.attempts ?? job.body.restart?.attempts ?? BATCH_ATTEMPTS;
        runs.push({ baseName, owner, completions: count, parallelism: Math.max(1, count), backoffLimit, deadlineMs: 0, pod });
      }
    }
  }
  const sources = jobs.flatMap(({ located }) => located.range?.source ?? []);
  return { sets, jobs: runs, groups, calls, diagnostics: inReadingOrder(diagnostics, sources) };
}

/** Start of the names of a group's allocations: short where there is nothing to tell apart. */
const baseNameOf = (job: string, group: string): string => (job === group ? job : `${job}-${group}`);

function checkJob({ body, located }: JobObject, { nomadDatacenter }: InterpretOptions): Diagnostic[] {
  const found: Diagnostic[] = [];
  const at: Place = { root: located, path: [] };
  const { datacenters = ['*'] } = body;
  if (!datacenters.some((one) => matches(one, nomadDatacenter))) {
    const detail = `the cluster is "${nomadDatacenter}"; Nomad would not place the job. It runs all the same`;
    found.push(
      warningHere(under(at, 'datacenters'), `no node of the cluster is in ${datacenters.map((one) => `"${one}"`).join(' or ')}`, {
        detail,
      }),
    );
  }
  if (body.periodic !== undefined) {
    const detail = body.type === 'batch' || body.type === 'sysbatch' ? 'it runs once, when it is applied' : 'only batch jobs are periodic';
    found.push(warningAtKey(under(at, 'periodic'), '"periodic" has no effect', { detail }));
  }
  return found;
}

/** `dc*` as in Nomad 1.5. */
function matches(pattern: string, datacenter: string): boolean {
  const words = pattern.split('*').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${words.join('.*')}$`).test(datacenter);
}

function checkGroup({ body }: JobObject, { name }: Group, index: number, at: Place): Diagnostic[] {
  const place = under(at, 'name');
  const found: Diagnostic[] = [];
  if (body.group.findIndex((one) => one.name === name) < index) found.push(errorHere(place, `group "${name}" is defined twice`));
  if (!/^[\w.-]+$/.test(name))
    found.push(
      errorHere(place, `${JSON.stringify(name)} is not a name for a group here`, { detail: 'expected letters, digits, ".", "_" and "-"' }),
    );
  return found;
}

/** A text is filled in at several places, of which each may report it. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ summary, subject }) => {
    const id = `${subject?.start}\n${summary}`;
    return !seen.has(id) && seen.add(id);
  });
}
