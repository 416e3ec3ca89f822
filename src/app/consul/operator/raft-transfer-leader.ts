import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';

export const raftTransferLeader: Command = {
  name: 'operator raft transfer-leader',
  synopsis: 'Let another server lead',
  usage: [''],
  description: 'Hands the lead over to another server.',
  examples: ['operator raft transfer-leader'],
  flags: [{ name: 'id', kind: 'string', value: 'string', doc: 'Which server; without it, any other.' }],
  run: async ({ io, flags, client }) => {
    const api = await client();
    const query = { id: flags.string('id') || undefined };
    const failed = 'Error transfering leadership: Failed to transfer leadership';
    const asked = api.expectOk('POST', '/v1/operator/raft/transfer-leader', { query }).catch((error: unknown) => {
      // One blank, not a colon: this text of Consul is put together differently.
      throw new Failure(`${failed} ${error instanceof Error ? error.message : String(error)}`);
    });
    const { Success } = await attempt(failed, asked.then(parseJson<{ readonly Success: boolean }>));
    if (!Success) throw new Failure(failed);
    io.out('Success\n');
    return 0;
  },
};
