import { hostPort } from '../../base/host-port.ts';
import { sortedEntries } from '../../base/order.ts';
import { compileRe2 } from '../../base/re2.ts';
import { columns } from './columns.ts';
import { attempt, type Command, Failure } from './command.ts';
import { isOldConsul } from './compat.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from './json.ts';

interface Member {
  readonly Name: string;
  readonly Addr: string;
  readonly Port: number;
  readonly Tags: Record<string, string>;
  readonly Status: number;
}

/** Serf's, by number. */
const STATUS = ['none', 'alive', 'leaving', 'left', 'failed'];
/** Enterprise has segments; this is how all of them are asked for. */
const ALL_SEGMENTS = '_all';

export const members: Command = {
  name: 'members',
  synopsis: 'List the members of the cluster',
  usage: [''],
  description: 'Prints the agents that the agent knows, servers first. Exit code 2 when none has the status that is asked for.',
  examples: ['members', 'members -detailed', 'members -status=^alive$'],
  flags: [
    { name: 'detailed', kind: 'bool', doc: 'Print all tags.' },
    { name: 'filter', kind: 'string', value: 'string', doc: 'Expression that a member must meet.' },
    { name: 'segment', kind: 'string', value: 'string', doc: 'Only members of a network segment: a Consul Enterprise feature.' },
    { name: 'status', kind: 'string', value: 'string', doc: 'Only members whose status matches this regular expression.' },
    { name: 'wan', kind: 'bool', doc: 'Print the servers of all datacenters.' },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, client }) => {
    const status = compileRe2(flags.string('status') ?? '.*');
    if (!status.ok) throw new Failure(`Failed to compile status regexp: ${status.error}`);
    const json = wantsJson(flags);
    const api = await client();
    const segment = flags.string('segment') ?? ALL_SEGMENTS;
    const query = {
      segment: segment || undefined,
      wan: flags.bool('wan') ? '1' : undefined,
      filter: flags.string('filter') || undefined,
    };
    const asked = api.expectOk('GET', '/v1/agent/members', { query }).then(parseJson<readonly Member[]>);
    const found = (await attempt('Error retrieving members', asked))
      .filter((member) => status.value.test(statusOf(member)))
      .map((member) => ({ ...member, Tags: { ...member.Tags, segment: segmentOf(member, segment) } }))
      .toSorted(inOrder);
    if (found.length === 0) return 2;
    if (json) printJson(io, found);
    else io.out(`${columns(flags.bool('detailed') ? detailed(found) : brief(found, isOldConsul(io)))}\n`);
    return 0;
  },
};

const statusOf = ({ Status }: Member): string => STATUS[Status] ?? `unknown status: ${Status}`;
const isServer = ({ Tags }: Member): boolean => Tags['role'] === 'consul';

function segmentOf(member: Member, asked: string): string {
  if (asked === ALL_SEGMENTS && isServer(member)) return '<all>';
  return member.Tags['segment'] || '<default>';
}

function inOrder(a: Member, b: Member): number {
  if (isServer(a) !== isServer(b)) return isServer(a) ? -1 : 1;
  const [first, second] = [`${a.Tags['segment']}\0${a.Name}`, `${b.Tags['segment']}\0${b.Name}`];
  return first < second ? -1 : 1;
}

/** Old ones know no partitions. */
function brief(found: readonly Member[], old: boolean): string[][] {
  const partition = (text: string): string[] => (old ? [] : [text]);
  const rows = found.map((member) => {
    const { Name, Tags } = member;
    const type = isServer(member) ? 'server' : Tags['role'] === 'node' ? 'client' : 'unknown';
    const start = [Name, addressOf(member), statusOf(member), type];
    if (type === 'unknown') return [...start, '', '', '', ...partition(''), ''];
    const build = Tags['build'] ? Tags['build'].replace(/:.*$/s, '') : '< 0.3';
    return [...start, build, Tags['vsn'] ?? '', Tags['dc'] ?? '', ...partition(Tags['ap'] || 'default'), Tags['segment'] ?? ''];
  });
  return [['Node', 'Address', 'Status', 'Type', 'Build', 'Protocol', 'DC', ...partition('Partition'), 'Segment'], ...rows];
}

function detailed(found: readonly Member[]): string[][] {
  const rows = found.map((member) => {
    const tags = sortedEntries(member.Tags).map(([name, value]) => `${name}=${value}`);
    return [member.Name, addressOf(member), statusOf(member), tags.join(',')];
  });
  return [['Node', 'Address', 'Status', 'Tags'], ...rows];
}

const addressOf = ({ Addr, Port }: Member): string => hostPort(Addr, Port);
