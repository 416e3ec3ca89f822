import { dirname, isAbsolute, join } from 'node:path';
import { errorAt, hasErrors, warningAt } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { HclFunction } from '../../hcl/hcl2/index.ts';
import { builtinImage } from '../../images/builtin.ts';
import type { JobObject } from '../../nomad/read.ts';
import { mappedPod } from '../k8s/mapped-pod.ts';
import { imageTrouble } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';
import type { NomadClusterSpec, NomadJobSpec } from './spec.ts';

export interface NomadJob {
  readonly cluster: string;
  readonly paths: readonly string[];
  readonly health_check?: { readonly nomad_jobs?: readonly string[]; readonly jobs?: readonly string[] };
}

/** Reads job files and says what is wrong with them. Loaded only where there are some. */
export async function lowerJobs(config: NomadJob, context: LowerContext): Promise<NomadJobSpec> {
  const { interpretJobs, readJobFile } = await import('../../nomad/job-files.ts');
  const cluster = context.spec(config.cluster) as Partial<NomadClusterSpec> | undefined;
  const sources = await jobSources(config.paths, context);
  const jobs: JobObject[] = [];
  let incomplete = sources.missing;
  for (const { source, path } of sources.read) {
    const { job, diagnostics } = readJobFile(source, await fileFunction(source, path, context));
    for (const diagnostic of diagnostics) context.report(diagnostic);
    if (job) jobs.push(job);
    else incomplete = true;
  }
  const result = interpretJobs(jobs, {
    // A container may be called as the cluster is, and is a node, too.
    node: `${config.cluster.slice(config.cluster.indexOf('.') + 1)}-client`,
    nomadDatacenter: cluster?.nomadDatacenter ?? 'dc1',
    clients: cluster?.clients ?? 1,
    resourceId: context.key,
    image: (name) => {
      const hint = imageTrouble(name, context.images);
      return hint === undefined ? { env: builtinImage(name)?.env ?? {} } : { hint };
    },
  });
  for (const diagnostic of result.diagnostics) context.report(diagnostic);
  context.calls(result.calls);
  incomplete ||= hasErrors(result.diagnostics);
  if (!incomplete) checkJobs(config, jobs, context);
  checkOthers(config, jobs, context);
  return {
    cluster: config.cluster,
    ...(cluster?.datacenter === undefined ? {} : { datacenter: cluster.datacenter }),
    sets: result.sets.map((set) => ({ ...set, pod: mappedPod(set.pod, context) })),
    jobs: result.jobs.map((run) => ({ ...run, pod: mappedPod(run.pod, context) })),
    groups: result.groups,
    services: [],
    entries: [],
    protocols: {},
    ...(incomplete ? { incomplete } : {}),
  };
}

/** `run` waits for all allocations anyway. */
function checkJobs({ health_check: check }: NomadJob, jobs: readonly JobObject[], context: LowerContext): void {
  const names = jobs.map(({ name }) => name);
  for (const field of ['nomad_jobs', 'jobs'] as const) {
    for (const [i, wanted] of (check?.[field] ?? []).entries()) {
      if (names.includes(wanted)) continue;
      context.report(
        warningAt(context.at(`health_check.${field}[${i}]`), `there is no job "${wanted}", so there is nothing to wait for`, {
          detail: `jobs of the files: ${names.join(', ')}`,
          ...didYouMean(wanted, names),
        }),
      );
    }
  }
}

/** Nomad would take the second job of a name for a change of the first. */
function checkOthers({ cluster }: NomadJob, jobs: readonly JobObject[], context: LowerContext): void {
  for (const { key, spec } of context.resources('nomad_job')) {
    const other = spec as NomadJobSpec;
    if (key === context.key || other.cluster !== cluster) continue;
    for (const { name, nameRange } of jobs.filter((job) => other.groups.some((group) => group.job === job.name))) {
      context.report(
        errorAt(nameRange, `${key} has a job "${name}" already`, { hint: 'give one of them another name, or run it in another cluster' }),
      );
    }
  }
}

const JOB_FILE = /\.(nomad|hcl|json)$/;

async function jobSources(
  paths: readonly string[],
  context: LowerContext,
): Promise<{ read: { source: Source; path: string }[]; missing: boolean }> {
  const files: { path: string; index: number }[] = [];
  for (const [index, written] of paths.entries()) {
    const path = context.resolvePath(written);
    const names = await context.list(path);
    if (!names) files.push({ path, index });
    else
      files.push(
        ...names
          .filter((name) => JOB_FILE.test(name))
          .toSorted()
          .map((name) => ({ path: `${path}/${name}`, index })),
      );
  }
  const read: { source: Source; path: string }[] = [];
  for (const { path, index } of files) {
    const source = await context.read(path, context.at(`paths[${index}]`));
    if (source) read.push({ source, path });
  }
  return { read, missing: read.length < files.length };
}

/** `file("app.conf")`, relative to the job file. What it names is read before, as reading takes time and evaluating must not. */
async function fileFunction(source: Source, path: string, context: LowerContext): Promise<ReadonlyMap<string, HclFunction>> {
  const { failure, PURE_FUNCTIONS } = await import('../../hcl/hcl2/index.ts');
  const texts = new Map<string, string>();
  for (const [, name] of source.text.matchAll(/\bfile\(\s*"([^"\\$]+)"\s*\)/g)) {
    const absolute = isAbsolute(name!) ? name! : join(dirname(path), name!);
    const text = (await context.exists(absolute)) ? (await context.read(absolute, undefined))?.text : undefined;
    if (text !== undefined) texts.set(name!, text);
  }
  const file: HclFunction = {
    parameters: ['path'],
    call: ([name]) => {
      const text = name?.type === 'string' ? texts.get(name.value) : undefined;
      if (text !== undefined) return { type: 'string', value: text };
      const shown = name?.type === 'string' ? JSON.stringify(name.value) : 'that';
      return failure(`can't read ${shown}`, 0, 'write the path out; it is relative to the job file');
    },
  };
  return new Map([...PURE_FUNCTIONS, ['file', file]]);
}
