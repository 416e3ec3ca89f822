import { sameName } from '../../base/same-name.ts';
import type { ApiClient } from './client.ts';
import { attempt, type Command, Failure, UsageFailure } from './command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from './json.ts';
import { agentSelf } from './self.ts';

/** A place in the space in which the distance of two nodes is the time between them, in seconds. */
interface Coordinate {
  readonly Vec: readonly number[];
  readonly Height: number;
  readonly Adjustment: number;
}

interface Entry {
  readonly Node: string;
  readonly Segment?: string;
  readonly Coord: Coordinate;
}

interface Area {
  readonly Datacenter: string;
  readonly AreaID: string;
  readonly Coordinates: readonly Entry[] | null;
}

type Pair = readonly [Coordinate | undefined, Coordinate | undefined];

export const rtt: Command = {
  name: 'rtt',
  synopsis: 'Estimate the round trip between two nodes',
  usage: ['node1 [node2]'],
  completes: ['node', 'node'],
  description: "Prints the estimated time from one node to another and back; without a second one, to the agent's own.",
  examples: ['rtt dev1', 'rtt -wan dev1.dc1 dev2.dc2'],
  flags: [{ name: 'wan', kind: 'bool', doc: 'The nodes are servers of datacenters, written as <node>.<datacenter>.' }, ...JSON_FLAGS],
  run: async ({ io, flags, args, client }) => {
    const [first, given] = args;
    if (first === undefined || args.length > 2) throw new UsageFailure('One or two node names must be specified');
    const json = wantsJson(flags);
    const wan = flags.bool('wan');
    const api = await client();
    const second = given ?? (await attempt('Unable to look up agent info', ownName(api, wan)));
    const [from, to] = wan ? await wanPair(api, first, second) : await lanPair(api, first, second);
    if (!from || !to) throw new Failure(`Could not find a coordinate for node ${JSON.stringify(from ? second : first)}`);
    const ms = distance(from, to) * 1000;
    if (json) printJson(io, { From: first, To: second, Milliseconds: ms, Coordinates: wan ? 'WAN' : 'LAN' });
    else io.out(`Estimated ${first} <-> ${second} rtt: ${ms.toFixed(3)} ms (using ${wan ? 'WAN' : 'LAN'} coordinates)\n`);
    return 0;
  },
};

async function ownName(api: ApiClient, wan: boolean): Promise<string> {
  const { Config } = await agentSelf(api);
  return wan ? `${Config.NodeName}.${Config.Datacenter}` : Config.NodeName;
}

async function lanPair(api: ApiClient, first: string, second: string): Promise<Pair> {
  const asked = api.expectOk('GET', '/v1/coordinate/nodes').then(parseJson<readonly Entry[]>);
  const entries = await attempt('Error getting coordinates', asked);
  const of = (node: string): readonly Entry[] => entries.filter((entry) => sameName(entry.Node, node));
  const [from, to] = [of(first), of(second)];
  // Coordinates of different segments have nothing to do with each other.
  for (const one of from) {
    const other = to.find(({ Segment = '' }) => Segment === (one.Segment ?? ''));
    if (other) return [one.Coord, other.Coord];
  }
  return [from.length > 0 && to.length === 0 ? from[0]!.Coord : undefined, undefined];
}

async function wanPair(api: ApiClient, first: string, second: string): Promise<Pair> {
  const [[node1, dc1, ...more1], [node2, dc2, ...more2]] = [first.split('.'), second.split('.')] as [string[], string[]];
  if (!node1 || !node2 || dc1 === undefined || dc2 === undefined || more1.length > 0 || more2.length > 0)
    throw new Failure('Node names must be specified as <node name>.<datacenter> with -wan');
  const asked = api.expectOk('GET', '/v1/coordinate/datacenters').then(parseJson<readonly Area[]>);
  const areas = await attempt('Error getting coordinates', asked);
  const find = (node: string, dc: string) =>
    areas.flatMap(({ Datacenter, AreaID, Coordinates }) =>
      Datacenter === dc ? (Coordinates ?? []).filter((entry) => sameName(entry.Node, node)).map(({ Coord }) => ({ AreaID, Coord })) : [],
    );
  const to = find(node2, dc2);
  for (const one of find(node1, dc1)) {
    const other = to.find(({ AreaID }) => AreaID === one.AreaID);
    if (other) return [one.Coord, other.Coord];
  }
  return [undefined, undefined];
}

/** Seconds, as Serf computes them: a sum of adjustments that would be negative does not count. */
function distance(a: Coordinate, b: Coordinate): number {
  const apart = Math.hypot(...a.Vec.map((value, i) => value - (b.Vec[i] ?? 0))) + a.Height + b.Height;
  const adjusted = apart + a.Adjustment + b.Adjustment;
  return adjusted > 0 ? adjusted : apart;
}
