import type { ApiClient } from '../client.ts';
import { columns } from '../columns.ts';
import { attempt, type Command } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';

interface Peer {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly Leader: boolean;
  readonly ProtocolVersion: string;
  readonly Voter: boolean;
  /** Where the peer itself stands; newer ones say so. */
  readonly LastIndex?: number;
}

export const raftListPeers: Command = {
  name: 'operator raft list-peers',
  synopsis: 'List the servers',
  usage: [''],
  description: 'Prints the servers that agree on what is written, and how far each has come.',
  examples: ['operator raft list-peers'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/operator/raft/configuration').then(parseJson<{ readonly Servers: readonly Peer[] }>);
    const { Servers } = await attempt('Error getting peers: Failed to retrieve raft configuration', asked);
    const indexes = await lastIndexes(api);
    if (json)
      printJson(
        io,
        Servers.map((peer) => ({ ...peer, LastIndex: indexes.get(peer.ID) ?? peer.LastIndex })),
      );
    else {
      const rows = table(Servers, indexes);
      // Old ones don't say how far each has come.
      io.out(`${columns(isOldConsul(io) ? rows.map((row) => row.slice(0, 6)) : rows)}\n`);
    }
    return 0;
  },
};

/** By id. An agent that can't tell is no reason to show nothing. */
async function lastIndexes(api: ApiClient): Promise<ReadonlyMap<string, number>> {
  const { status, body } = await api.send('GET', '/v1/operator/autopilot/health');
  if (status !== 200 && status !== 429) return new Map();
  const { Servers } = parseJson<{ readonly Servers: readonly { readonly ID: string; readonly LastIndex: number }[] | null }>(body);
  return new Map((Servers ?? []).map(({ ID, LastIndex }) => [ID, LastIndex]));
}

function table(peers: readonly Peer[], indexes: ReadonlyMap<string, number>): string[][] {
  const leader = peers.find(({ Leader }) => Leader);
  const ahead = (leader && indexes.get(leader.ID)) ?? 0;
  const rows = peers.map(({ ID, Node, Address, Leader, ProtocolVersion, Voter }) => {
    const start = [Node, ID, Address, Leader ? 'leader' : 'follower', String(Voter), ProtocolVersion || '<=1'];
    const index = indexes.get(ID);
    if (index === undefined) return [...start, '_', ''];
    const behind = ahead - index;
    return [...start, String(index), Leader ? '_' : `${behind} Commit${behind <= 1 ? '' : 's'}`];
  });
  return [['Node', 'ID', 'Address', 'State', 'Voter', 'RaftProtocol', 'Commit Index', 'Trails Leader By'], ...rows];
}
