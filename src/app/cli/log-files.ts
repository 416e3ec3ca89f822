import { readdir } from 'node:fs/promises';
import { MeshError } from '../../base/errors.ts';
import { withoutGeneration } from '../../base/generation.ts';
import type { Home } from '../home.ts';
import { isUnreachable } from '../rpc/client.ts';
import type { StatusReport, WorkloadReport } from '../rpc/status.ts';
import { distinct, findRuns, findWorkloads, nothingCalled } from './find-workloads.ts';
import { nothingRuns, statusOf } from './status.ts';

export interface LogFile {
  /** What its lines are marked with. */
  readonly name: string;
  readonly path: string;
  /** Only lines with this text. */
  readonly about?: string;
}

interface Found extends LogFile {
  readonly id: string;
}

/** Logs of the mesh itself. */
const OWN = ['agent', 'dataplane'];
/** `access` stands for the access logs of all sidecars, `access.web` for those of web's. */
const ACCESS = /^access(?:\.(.+))?$/;

/** The logs that names stand for; without a name, those of all workloads and of what ran to its end. Each once. */
export async function logFiles(names: readonly string[], home: Home, signal: AbortSignal): Promise<LogFile[]> {
  const own = names.filter((name) => OWN.includes(name)).map((name) => ({ id: name, name, path: `${home.logDir}/${name}.log` }));
  const access = await accessLogs(names, home);
  const others = names.filter((name) => !OWN.includes(name) && !ACCESS.test(name));
  const found = names.length > 0 && others.length === 0 ? [] : await ofWorkloads(others, home, signal);
  const all: Found[] = [...own, ...access, ...found];
  const files = [...new Map(all.map((file) => [`${file.path} ${file.about ?? ''}`, file])).values()];
  const isUnique = ({ name }: Found) => files.filter((file) => file.name === name).length === 1;
  return files.map((file) => ({ ...file, name: isUnique(file) ? file.name : file.id }));
}

async function ofWorkloads(names: readonly string[], home: Home, signal: AbortSignal): Promise<Found[]> {
  const left = await filesIn(home);
  let absent = nothingRuns();
  const report = await statusOf(home, { signal }).catch((error: unknown) => {
    if (!(error instanceof MeshError) || !isUnreachable(error)) throw error;
    absent = error;
    return undefined;
  });
  if (!report) {
    // Nobody can tell what belongs to a name; the files do, more or less.
    const found = names.length === 0 ? [left] : names.map((name) => left.filter(({ id }) => hasName(id, name)));
    if (found.some((files) => files.length === 0)) throw absent;
    return found.flat();
  }
  const ofWorkload = (workload: WorkloadReport): Found => ofRun({ ...workload, id: distinct(workload, ({ id }) => id, report.workloads) });
  if (names.length === 0) return [...report.workloads.map(ofWorkload), ...report.runs.map(ofRun)];
  const proxies = await ofProxies(names, report, home);
  return names.flatMap((name) => {
    const found = [...findWorkloads(name, report).map(ofWorkload), ...findRuns(name, report).map(ofRun)];
    if (found.length > 0) return found;
    // What an earlier agent has run once has left only its output.
    const ended = left.filter(({ id }) => isId(id, name));
    if (ended.length > 0) return ended;
    const own = proxies.get(name) ?? [];
    if (own.length > 0) return own;
    throw nothingCalled(name, report, OWN);
  });
}

/** A gateway has no program of its own: it is what the data plane says of it, and its access log, if it has one. */
async function ofProxies(names: readonly string[], { proxies }: Pick<StatusReport, 'proxies'>, home: Home): Promise<Map<string, Found[]>> {
  const files = new Set(await readdir(home.logDir).catch(() => []));
  const found = ({ id, service }: { id: string; service: string }): Found[] => {
    const access = `access.${id.replaceAll('/', '_')}`;
    return [
      { id: `dataplane: ${id}`, name: 'dataplane', path: `${home.logDir}/dataplane.log`, about: id },
      ...(files.has(`${access}.log`) ? [{ id: access, name: service, path: `${home.logDir}/${access}.log` }] : []),
    ];
  };
  return new Map(names.map((name) => [name, proxies.filter(({ id, service }) => service === name || id === name).flatMap(found)]));
}

async function accessLogs(names: readonly string[], home: Home): Promise<Found[]> {
  if (!names.some((name) => ACCESS.test(name))) return [];
  const files = (await readdir(home.logDir).catch(() => [])).filter((file) => file.startsWith('access.') && file.endsWith('.log'));
  const all = files.map((file): Found => {
    const proxy = file.slice('access.'.length, -'.log'.length);
    return { id: `access.${proxy}`, name: proxy.split('_').slice(2).join('_'), path: `${home.logDir}/${file}` };
  });
  return names.flatMap((name) => {
    const [match, wanted] = ACCESS.exec(name) ?? [];
    if (match === undefined) return [];
    const found = all.filter((log) => wanted === undefined || isOfProxy(log, wanted));
    if (found.length > 0) return found;
    throw new MeshError('failed', `there is no access log of ${wanted ?? 'any sidecar'}`, {
      hint: 'proxy-defaults AccessLogs { Enabled = true } turns them on',
    });
  });
}

/** `wanted` is the id of a proxy or a service. In a cluster, whose node is virtual, the name of the pod stands before that of the service. */
function isOfProxy({ id, name }: Found, wanted: string): boolean {
  const sidecar = `${wanted}-sidecar-proxy`;
  return name === wanted || name === sidecar || (name.endsWith(`-${sidecar}`) && id.endsWith(`-virtual_${name}`));
}

const ofRun = ({ id, name, log }: { id: string; name: string; log: string }): Found => ({ id, name, path: log });

/** Their names are the ids of the workloads: `container.payments`, `k8s_config.web_web-0_web`. */
async function filesIn(home: Home): Promise<Found[]> {
  const files = (await readdir(home.logDir).catch(() => [])).filter((file) => file.endsWith('.log'));
  const ids = files.map((file) => file.slice(0, -'.log'.length)).filter((id) => !OWN.includes(id) && !ACCESS.test(id));
  return ids.map((file) => {
    const id = withoutGeneration(file);
    return { id, name: id, path: `${home.logDir}/${file}.log` };
  });
}

const isId = (id: string, name: string): boolean => id === name || id.endsWith(`.${name}`);

const hasName = (id: string, name: string): boolean => isId(id, name) || id.split(/[._]/).includes(name);
