import { afterWrite, attempt, type Command, Failure } from '../command.ts';

export const raftRemovePeer: Command = {
  name: 'operator raft remove-peer',
  synopsis: 'Remove a server that is gone',
  usage: [''],
  description: 'Removes a server from those that agree on what is written. For one that is gone and can not leave by itself.',
  examples: ['operator raft remove-peer -address=10.0.0.2:8300', 'operator raft remove-peer -id=e0db518e-ddd4-7654-ddca-6ec0a81eb73d'],
  flags: [
    { name: 'address', kind: 'string', value: 'string', doc: 'Its address.' },
    { name: 'id', kind: 'string', value: 'string', doc: 'Its id.' },
  ],
  run: async ({ io, flags, client }) => {
    const [address, id] = [flags.string('address') || undefined, flags.string('id') || undefined];
    const api = await client();
    if (!address && !id) throw new Failure('Error removing peer: an address or id is required for the peer to remove');
    if (address && id) throw new Failure('Error removing peer: cannot give both an address and id');
    await attempt('Error removing peer', api.expectOk('DELETE', '/v1/operator/raft/peer', { query: { address, id } }));
    io.out(address ? `Removed peer with address ${JSON.stringify(address)}\n` : `Removed peer with id ${JSON.stringify(id)}\n`);
    await afterWrite(io, api);
    return 0;
  },
};
