import { errorAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { NomadGroupPlan } from '../../nomad/plan.ts';
import type { LowerContext } from '../resource-type.ts';
import { type NomadJobSpec, publishedGroup } from './spec.ts';

/** A group of a job that an ingress leads to. */
export interface NomadTarget {
  /** Key of the cluster: `nomad_cluster.dev`. */
  readonly cluster: string;
  readonly job: string;
  /** Absent: the only group of the job. */
  readonly group?: string | undefined;
  readonly task?: string | undefined;
}

/** Where the parts of a target stand, as paths of the block. */
export interface TargetPaths {
  readonly job: string;
  readonly group: string;
  readonly task: string;
}

export interface FoundGroup {
  /** The name under which the allocations are published. */
  readonly published: string;
  /** Absent when nothing is known of the job: another blueprint brings it. */
  readonly plan?: NomadGroupPlan;
  /** Something is wrong with it, which is reported: of its ports nothing can be said. */
  readonly wrong?: true;
}

/**
 * Looks a job, its group and task up in what is known of the cluster: job files of this blueprint and of what runs. Reports a
 * name that none of them has. Without any job files there is nothing to compare with.
 */
export function findGroup({ cluster, job, group, task }: NomadTarget, paths: TargetPaths, context: LowerContext): FoundGroup {
  const { known, incomplete } = groupsOf(cluster, context);
  const guess = { published: publishedGroup(cluster, { job, group: group ?? job }) };
  if (incomplete) return { ...guess, wrong: true };
  if (known.length === 0) return guess;
  const ofJob = known.filter((one) => one.job === job);
  if (ofJob.length === 0) {
    const jobs = [...new Set(known.map((one) => one.job))];
    context.report(
      errorAt(context.at(paths.job), `${cluster} has no job "${job}"`, {
        detail: `there are: ${jobs.join(', ')}`,
        ...didYouMean(job, jobs),
      }),
    );
    return { ...guess, wrong: true };
  }
  const names = ofJob.map((one) => one.group);
  const plan = group === undefined ? (ofJob.length === 1 ? ofJob[0] : undefined) : ofJob.find((one) => one.group === group);
  if (!plan) {
    const summary = group === undefined ? `job "${job}" has several groups` : `job "${job}" has no group "${group}"`;
    const hint = group === undefined ? { hint: `name one: group = "${names[0]}"` } : didYouMean(group, names);
    context.report(
      errorAt(context.at(group === undefined ? paths.job : paths.group), summary, { detail: `there are: ${names.join(', ')}`, ...hint }),
    );
    return { ...guess, wrong: true };
  }
  if (task !== undefined && !plan.tasks.includes(task)) {
    const detail = `there are: ${plan.tasks.join(', ')}`;
    context.report(
      errorAt(context.at(paths.task), `group "${plan.group}" has no task "${task}"`, { detail, ...didYouMean(task, plan.tasks) }),
    );
  }
  return { published: publishedGroup(cluster, plan), plan };
}

/** The port of a group that `remote` means: the label of one of its ports, or a number. */
export function portOfGroup(remote: string, { plan, wrong }: FoundGroup, at: string, context: LowerContext): number {
  if (plan && Object.hasOwn(plan.ports, remote)) return plan.ports[remote]!;
  const number = /^\d+$/.test(remote) ? Number(remote) : 0;
  if (number > 0 && number <= 65535) {
    // The port of a node: Nomad leads from it to the one on which the task listens.
    const label = Object.entries(plan?.fixed ?? {}).find(([, port]) => port === number)?.[0];
    return label === undefined ? number : plan!.ports[label]!;
  }
  if (wrong) return 0;
  const labels = Object.keys(plan?.ports ?? {});
  const detail = !plan
    ? 'expected a number from 1 to 65535; only jobs that are known have names for ports'
    : labels.length === 0
      ? `group "${plan.group}" has no ports`
      : `ports of group "${plan.group}": ${labels.join(', ')}`;
  context.report(errorAt(context.at(at), `there is no port ${JSON.stringify(remote)}`, { detail, ...didYouMean(remote, labels) }));
  return 0;
}

/** The group whose static port a node of the cluster would have: what an ingress leads to that names only the cluster. */
export function groupWithPort(cluster: string, remote: string, at: string, context: LowerContext): FoundGroup {
  const { known } = groupsOf(cluster, context);
  const number = Number(remote);
  const has = ({ fixed }: NomadGroupPlan): boolean => Object.values(fixed).includes(number);
  const plan = known.find(has) ?? known.find(({ ports }) => Object.values(ports).includes(number));
  if (plan) return { published: publishedGroup(cluster, plan), plan };
  const fixed = known.flatMap((one) => Object.values(one.fixed).map((port) => `${port} (job ${one.job})`));
  const detail =
    number === 4646
      ? 'no Nomad runs whose API would be there: jobs are interpreted'
      : fixed.length > 0
        ? `static ports: ${fixed.join(', ')}`
        : 'no job has a static port';
  const hint = 'nomad_ingress leads to a job by its name: job = "web", group = "web"';
  context.report(errorAt(context.at(at), `no job of ${cluster} has the port ${remote}`, { detail, hint }));
  return { published: '', wrong: true };
}

function groupsOf(cluster: string, context: LowerContext): { known: NomadGroupPlan[]; incomplete: boolean } {
  const specs = context
    .resources('nomad_job')
    .map(({ spec }) => spec as NomadJobSpec)
    .filter((spec) => spec.cluster === cluster);
  return { known: specs.flatMap(({ groups }) => groups), incomplete: specs.some(({ incomplete }) => incomplete === true) };
}
