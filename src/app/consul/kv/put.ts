import { messageOf } from '../../../base/errors.ts';
import { decodeBase64 } from '../../../base/go-base64.ts';
import { attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { readData } from './input.ts';
import { kvPath } from './pairs.ts';

export const kvPut: Command = {
  name: 'kv put',
  synopsis: 'Write a value',
  usage: ['KEY [DATA]'],
  completes: ['key', 'file'],
  description: 'Writes a value under a key: a word, a file with "@", or standard input for "-". Without data, an empty value.',
  examples: [
    'kv put web/limit 5',
    'kv put web/license @license.txt',
    'kv put web/banner - < banner.txt',
    'kv put -cas -modify-index=42 web/limit 6',
  ],
  flags: [
    { name: 'acquire', kind: 'bool', doc: 'Take the lock of the key for the session of -session.' },
    { name: 'base64', kind: 'bool', doc: 'The data are in base64.' },
    { name: 'cas', kind: 'bool', doc: 'Change nothing unless the key is still at -modify-index.' },
    { name: 'flags', kind: 'uint', value: 'uint', doc: 'A number of 64 bits that is kept beside the value.' },
    { name: 'modify-index', kind: 'uint', value: 'uint', doc: 'ModifyIndex that the key must have, with -cas.' },
    { name: 'release', kind: 'bool', doc: 'Give the lock of the key back.' },
    { name: 'session', kind: 'string', value: 'string', doc: 'ID of a session, with -acquire and -release.' },
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const { key, value } = await readArgs(context);
    const session = flags.string('session') ?? '';
    const [acquire, release, cas] = [flags.bool('acquire'), flags.bool('release'), flags.bool('cas')];
    if ((acquire || release) && session === '') throw new Failure('Error! Missing -session (required with -acquire and -release)');
    if (cas && flags.uint('modify-index') === 0) throw new Failure('Must specify -modify-index with -cas!');
    const api = await client();
    const query = {
      flags: flags.string('flags') === undefined ? undefined : flagsOf(flags.string('flags')!),
      cas: cas ? String(flags.uint('modify-index')) : undefined,
      acquire: !cas && acquire ? session : undefined,
      release: !cas && !acquire && release ? session : undefined,
    };
    const headers = { 'Content-Type': 'application/octet-stream' };
    const written = await attempt('Error! Failed writing data', api.expectOk('PUT', kvPath(key), { query, raw: value, headers }));
    if (!written.includes('true')) {
      if (cas) throw new Failure(`Error! Did not write to ${key}: CAS failed`);
      throw new Failure(acquire ? 'Error! Did not acquire lock' : 'Error! Did not release lock');
    }
    if (!cas && acquire) io.out(`Success! Lock acquired on: ${key}\n`);
    else if (!cas && release) io.out(`Success! Lock released on: ${key}\n`);
    else io.out(`Success! Data written to: ${key}\n`);
    return 0;
  },
};

async function readArgs({ io, flags, args }: CommandContext): Promise<{ readonly key: string; readonly value: Buffer }> {
  const [key, word] = args;
  if (key === undefined) throw new Failure('Error! Missing KEY argument');
  if (args.length > 2) throw new Failure(`Error! Too many arguments (expected 1 or 2, got ${args.length})`);
  const data = await readData(word ?? '', io).catch((error: unknown) => {
    throw new Failure(`Error! ${messageOf(error)}`);
  });
  if (key.startsWith('/')) throw new Failure(`Error! Failed writing data: Invalid key. Key must not begin with a '/': ${key}`);
  if (!flags.bool('base64')) return { key, value: data };
  const decoded = decodeBase64(data.toString());
  // Consul says so and writes what comes before it all the same.
  if (decoded.error !== undefined) io.err(`Error! Cannot base 64 decode data: ${decoded.error}\n`);
  return { key, value: decoded.value };
}

/** All 64 bits, in decimal. */
const flagsOf = (text: string): string => BigInt(text.replace(/^0(?=[0-7])/, '0o')).toString();
