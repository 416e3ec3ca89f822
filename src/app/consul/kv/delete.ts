import { atMost, attempt, type Command, Failure } from '../command.ts';
import { kvPath } from './pairs.ts';

export const kvDelete: Command = {
  name: 'kv delete',
  synopsis: 'Delete a key, or all below a prefix',
  usage: ['KEY_OR_PREFIX'],
  completes: ['key'],
  description: 'Deletes a key; with -recurse, every key that begins so. What is not there counts as deleted.',
  examples: ['kv delete web/limit', 'kv delete -recurse web/', 'kv delete -cas -modify-index=42 web/limit'],
  flags: [
    { name: 'cas', kind: 'bool', doc: 'Change nothing unless the key is still at -modify-index.' },
    { name: 'modify-index', kind: 'uint', value: 'uint', doc: 'ModifyIndex that the key must have, with -cas.' },
    { name: 'recurse', kind: 'bool', doc: 'Delete every key that begins so.' },
  ],
  run: async ({ io, flags, args, client }) => {
    const key = (args[0] ?? '').replace(/^\//, '');
    const [recurse, cas, index] = [flags.bool('recurse'), flags.bool('cas'), flags.uint('modify-index')];
    if (key === '' && !recurse) throw new Failure('Error! Missing KEY argument');
    atMost(args, 1);
    if (cas && recurse) throw new Failure(index === 0 ? 'Must specify -modify-index with -cas!' : 'Cannot specify both -cas and -recurse!');
    if (cas && index === 0) throw new Failure('Must specify -modify-index with -cas!');
    if (!cas && index !== 0) throw new Failure('Cannot specify -modify-index without -cas!');
    const api = await client();
    const query = { recurse: recurse ? '' : undefined, cas: cas ? String(index) : undefined };
    const failed = recurse ? `Error! Did not delete prefix ${key}` : `Error deleting key ${key}`;
    const deleted = await attempt(cas ? `Error! Did not delete key ${key}` : failed, api.expectOk('DELETE', kvPath(key), { query }));
    if (cas && !deleted.includes('true')) throw new Failure(`Error! Did not delete key ${key}: CAS failed`);
    io.out(recurse ? `Success! Deleted keys with prefix: ${key}\n` : `Success! Deleted key: ${key}\n`);
    return 0;
  },
};
