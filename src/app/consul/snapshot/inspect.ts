import { messageOf } from '../../../base/errors.ts';
import { tabbed } from '../columns.ts';
import { type Command, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { printJson } from '../json.ts';
import type { SnapshotMeta } from './archive.ts';
import { fileArgument, loadSnapshot } from './file.ts';
import { recordsOf, type StateRecord } from './records.ts';

/** How many rows of a kind there are, and how many bytes they take. */
interface Stat {
  readonly Name: string;
  readonly Sum: number;
  readonly Count: number;
}

export const snapshotInspect: Command = {
  name: 'snapshot inspect',
  synopsis: 'Show what is in a file',
  usage: ['FILE'],
  completes: ['file'],
  description: 'Shows what a snapshot says of itself and what is in it, of this agent or of a real Consul.',
  examples: [
    'snapshot inspect backup.snap',
    'snapshot inspect -kvdetails -kvdepth=1 backup.snap',
    'snapshot inspect -format=json backup.snap',
  ],
  flags: [
    { name: 'format', kind: 'string', value: 'string', doc: 'pretty or json.', choices: ['pretty', 'json'] },
    { name: 'json', kind: 'bool', doc: "The same as -format=json. Not one of Consul's." },
    { name: 'kvdepth', kind: 'int', value: 'int', doc: 'With -kvdetails: how many parts of the keys count; 2 by default.' },
    { name: 'kvdetails', kind: 'bool', doc: 'Show what is in the key-value store by prefix.' },
    { name: 'kvfilter', kind: 'string', value: 'string', doc: 'With -kvdetails: only keys that begin so.' },
  ],
  offline: true,
  run: async ({ io, flags, args }) => {
    const file = fileArgument(args);
    const { meta, state } = await loadSnapshot(file, io);
    if (isOldConsul(io)) {
      io.out(`${tabbed(facts(meta), 6)}\n\n`);
      return 0;
    }
    const format = flags.bool('json') ? 'json' : (flags.string('format') ?? 'pretty');
    const records = extract(state);
    if (format !== 'pretty' && format !== 'json') throw new Failure(`Error outputting enhanced snapshot data: Unknown format: ${format}`);
    const stats = statsOf(records, ({ type }) => type);
    const depth = flags.string('kvdepth') === undefined ? 2 : flags.int('kvdepth');
    const keys = records.filter(({ key }) => key?.startsWith(flags.string('kvfilter') ?? ''));
    const details = flags.bool('kvdetails') ? statsOf(keys, ({ key = '' }) => key.split('/').slice(0, depth).join('/')) : undefined;
    const { ID, Size, Index, Term, Version } = meta;
    if (format === 'json')
      printJson(
        io,
        {
          Meta: { ID, Size, Index, Term, Version },
          Stats: stats,
          StatsKV: details ?? null,
          TotalSize: total(stats),
          TotalSizeKV: total(details ?? []),
        },
        '   ',
      );
    else io.out(`${[about(meta), table('Type', stats), ...(details ? [table('Key Name', details)] : [])].join('\n\n')}\n`);
    return 0;
  },
};

function extract(state: Buffer): StateRecord[] {
  try {
    return recordsOf(state);
  } catch (error) {
    throw new Failure(`Error extracting snapshot data: ${messageOf(error)}`);
  }
}

/** The largest first. */
function statsOf(records: readonly StateRecord[], nameOf: (record: StateRecord) => string): Stat[] {
  const stats = new Map<string, Stat>();
  for (const record of records) {
    const Name = nameOf(record);
    const { Sum, Count } = stats.get(Name) ?? { Sum: 0, Count: 0 };
    stats.set(Name, { Name, Sum: Sum + record.size, Count: Count + 1 });
  }
  return Array.from(stats.values()).sort((a, b) => b.Sum - a.Sum || (a.Name < b.Name ? -1 : 1));
}

const total = (stats: readonly Stat[]): number => stats.reduce((sum, { Sum }) => sum + Sum, 0);

const facts = ({ ID, Size, Index, Term, Version }: SnapshotMeta): string[][] =>
  Object.entries({ ID, Size, Index, Term, Version }).map(([name, value]) => [name, String(value)]);

const about = (meta: SnapshotMeta): string =>
  tabbed(
    facts(meta).map(([name, value]) => [` ${name}`, value!]),
    6,
  );

function table(title: string, stats: readonly Stat[]): string {
  const line = [' ----', '----', '----'];
  const rows = stats.map(({ Name, Count, Sum }) => [` ${Name}`, String(Count), byteSize(Sum)]);
  const lines = tabbed([[` ${title}`, 'Count', 'Size'], line, ...rows, line, [' Total', '', byteSize(total(stats))]], 6);
  return lines
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

function byteSize(bytes: number): string {
  if (bytes === 0) return '0';
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(1).replace(/\.0$/, '')}${UNITS[power]}`;
}
