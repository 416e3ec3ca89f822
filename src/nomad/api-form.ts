import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';

/** Keys of Nomad's API whose name in a job file is another one than their words. */
const NAMES: Readonly<Record<string, string>> = {
  TaskGroups: 'group',
  Tasks: 'task',
  Networks: 'network',
  Services: 'service',
  Checks: 'check',
  Templates: 'template',
  Artifacts: 'artifact',
  Constraints: 'constraint',
  Affinities: 'affinity',
  Spreads: 'spread',
  RestartPolicy: 'restart',
  ReschedulePolicy: 'reschedule',
  Volumes: 'volume',
  VolumeMounts: 'volume_mount',
  EmbeddedTmpl: 'data',
  DestPath: 'destination',
  SourcePath: 'source',
  Envvars: 'env',
  LeftDelim: 'left_delimiter',
  RightDelim: 'right_delimiter',
  LogConfig: 'logs',
  PortLabel: 'port',
  CPU: 'cpu',
  MemoryMB: 'memory',
  MemoryMaxMB: 'memory_max',
  DiskMB: 'disk',
  IOPS: 'iops',
  MBits: 'mbits',
  DNS: 'dns',
  TLSSkipVerify: 'tls_skip_verify',
  GRPCService: 'grpc_service',
  GRPCUseTLS: 'grpc_use_tls',
};

/** Values of the user: their keys stay. */
const FREE: readonly string[] = ['config', 'env', 'meta', 'header'];
/** Durations, which the API has in nanoseconds. */
const DURATIONS: readonly string[] = ['interval', 'timeout', 'kill_timeout'];

/** Whether this is a job as Nomad's API has it: `{ "Job": { "ID": … } }`, or the job alone. */
export function isApiJob(value: LocatedMap): boolean {
  return value.entries.some(({ key }) => key === 'Job' || key === 'TaskGroups');
}

/** The job with the names of job files. What the API fills in beside what somebody wrote is left out. */
export function fromApi(value: LocatedMap, out: Diagnostic[]): { name: Located | undefined; value: LocatedMap } {
  const inner = value.entries.find(({ key }) => key === 'Job')?.value;
  const job = inner?.type === 'map' ? inner : value;
  const name = (job.entries.find(({ key }) => key === 'ID') ?? job.entries.find(({ key }) => key === 'Name'))?.value;
  if (job.entries.some(({ key, value: periodic }) => key === 'ParameterizedJob' && periodic.type !== 'null')) {
    out.push(warningAt(job.range, 'the job is parameterized, and runs once here'));
  }
  return { name, value: mapOf(job, '') };
}

/** Of the job, and of everything, what says how it is rather than what it shall be. */
const JOB_ONLY =
  /^(Affinities|AllAtOnce|Constraints|Datacenters|ID|Meta|Name|Namespace|NodePool|Periodic|Priority|Region|Spreads|TaskGroups|Type|Update|RestartPolicy|VaultToken|ConsulToken|UI|Multiregion)$/;

function mapOf(map: LocatedMap, parent: string): LocatedMap {
  const entries = map.entries.flatMap((entry): LocatedEntry[] => {
    if (entry.value.type === 'null' || (parent === '' && !JOB_ONLY.test(entry.key))) return [];
    const key = keyOf(entry.key, parent);
    // Ports come in two lists, of chosen and of free ones.
    if (parent === 'network' && (entry.key === 'ReservedPorts' || entry.key === 'DynamicPorts')) return portsOf(entry);
    if (FREE.includes(key)) return [{ ...entry, key }];
    return [{ ...entry, key, value: fromApiValue(entry.value, key) }];
  });
  return { ...map, entries: mergedPorts(entries) };
}

function keyOf(key: string, parent: string): string {
  if (parent === 'port' && key === 'Label') return 'name';
  if (parent === 'port' && key === 'Value') return 'static';
  return NAMES[key] ?? key.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();
}

function fromApiValue(value: Located, key: string): Located {
  if (value.type === 'list') return { ...value, items: value.items.map((item) => fromApiValue(item, key)) };
  if (value.type === 'number' && DURATIONS.includes(key))
    return { type: 'string', value: `${value.value}ns`, ...(value.range ? { range: value.range } : {}) };
  if (value.type !== 'map') return value;
  // Volumes have their names for keys.
  if (key === 'volume')
    return { ...value, entries: value.entries.map((entry) => ({ ...entry, value: fromApiValue(entry.value, 'volume.one') })) };
  return mapOf(value, key);
}

function portsOf(entry: LocatedEntry): LocatedEntry[] {
  if (entry.value.type !== 'list') return [];
  const items = entry.value.items.map((item): Located => {
    if (item.type !== 'map') return item;
    const own = mapOf(item, 'port');
    return { ...own, entries: own.entries.filter(({ key, value }) => !(value.type === 'number' && value.value === 0 && key !== 'name')) };
  });
  return [{ ...entry, key: 'port', value: { ...entry.value, items } }];
}

function mergedPorts(entries: readonly LocatedEntry[]): LocatedEntry[] {
  const lists = entries.filter(({ key, value }) => key === 'port' && value.type === 'list');
  if (lists.length < 2) return [...entries];
  const items = lists.flatMap(({ value }) => (value.type === 'list' ? value.items : []));
  const merged: LocatedEntry = { ...lists[0]!, value: { type: 'list', items } };
  return [...entries.filter((entry) => !lists.includes(entry)), merged];
}
