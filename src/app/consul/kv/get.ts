import type { Io } from '../../io.ts';
import { type ApiClient, unexpected } from '../client.ts';
import { tabbed } from '../columns.ts';
import { atMost, attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';
import { getPair, type KvPair, kvPath, listPairs, pairBytes } from './pairs.ts';

const QUERYING = 'Error querying Consul agent';

export const kvGet: Command = {
  name: 'kv get',
  synopsis: 'Print a value, or what is below a prefix',
  usage: ['[KEY_OR_PREFIX]'],
  completes: ['key'],
  description:
    'Prints the value of a key as it is, and a line feed.\nWith -recurse every key below a prefix, as key:value; with -keys only their names.',
  examples: ['kv get web/limit', 'kv get -detailed web/limit', 'kv get -recurse web/', 'kv get -keys -separator= web/'],
  flags: [
    { name: 'base64', kind: 'bool', doc: 'Print values in base64.' },
    { name: 'detailed', kind: 'bool', doc: 'Print indexes, flags and the session that holds it too.' },
    { name: 'keys', kind: 'bool', doc: 'Print the names of the keys below a prefix, up to the next separator.' },
    { name: 'recurse', kind: 'bool', doc: 'Print all keys below a prefix.' },
    { name: 'separator', kind: 'string', value: 'string', doc: 'What -keys stops at; "/" by default.' },
    ...JSON_FLAGS,
  ],
  run: async (context) => {
    const { flags, args, client } = context;
    const [key = ''] = args;
    if (key === '' && !flags.bool('recurse') && !flags.bool('keys')) throw new Failure('Error! Missing KEY argument');
    atMost(args, 1);
    wantsJson(flags);
    const api = await client();
    if (flags.bool('keys')) await printKeys(context, api, key);
    else if (flags.bool('recurse')) await printTree(context, api, key);
    else await printOne(context, api, key);
    return 0;
  },
};

async function printKeys({ io, flags }: CommandContext, api: ApiClient, prefix: string): Promise<void> {
  const query = { keys: '', separator: flags.string('separator') ?? '/' };
  const response = await attempt(QUERYING, api.send('GET', kvPath(prefix), { query }));
  if (response.status !== 200 && response.status !== 404) throw new Failure(`${QUERYING}: ${unexpected(response)}`);
  const keys = response.status === 404 ? [] : parseJson<readonly string[]>(response.body);
  if (wantsJson(flags)) printJson(io, keys);
  else for (const key of keys) io.out(`${key}\n`);
}

async function printTree({ io, flags }: CommandContext, api: ApiClient, prefix: string): Promise<void> {
  const pairs = await attempt(QUERYING, listPairs(api, prefix));
  if (wantsJson(flags)) return printPairs(io, pairs);
  for (const [i, pair] of pairs.entries()) {
    if (flags.bool('detailed')) {
      if (i > 0) io.out('\n');
      printDetails(io, pair, flags.bool('base64'));
    } else printValue(io, `${pair.Key}:`, pair, flags.bool('base64'));
  }
}

async function printOne({ io, flags }: CommandContext, api: ApiClient, key: string): Promise<void> {
  const found = await attempt(
    QUERYING,
    getPair(api, key).catch((error: unknown) => withoutBody(io, error)),
  );
  if (!found) throw new Failure(`Error! No key exists at: ${key.replace(/^\//, '')}`);
  if (wantsJson(flags)) printPairs(io, found);
  else if (flags.bool('detailed')) printDetails(io, found, flags.bool('base64'));
  else printValue(io, '', found, flags.bool('base64'));
}

/** Old ones show the code of a wrong answer alone. */
function withoutBody(io: Io, error: unknown): never {
  if (!isOldConsul(io) || !(error instanceof Error)) throw error;
  throw new Error(error.message.replace(/^(Unexpected response code: \d+) \(.*\)$/s, '$1'), { cause: error });
}

/** The flags as the number that they are. */
function printPairs(io: Io, pairs: KvPair | readonly KvPair[]): void {
  io.out(`${JSON.stringify(pairs, undefined, 4).replace(/"Flags": "(\d+)"/g, '"Flags": $1')}\n`);
}

/** Bytes as they are: a value need not be text. */
function printValue(io: Io, before: string, pair: KvPair, base64: boolean): void {
  if (base64) io.out(`${before}${pair.Value ?? ''}\n`);
  else io.outBytes(Buffer.concat([Buffer.from(before), pairBytes(pair), Buffer.from('\n')]));
}

function printDetails(io: Io, pair: KvPair, base64: boolean): void {
  const facts: [string, string][] = [
    ['CreateIndex', String(pair.CreateIndex)],
    ['Flags', pair.Flags],
    ['Key', pair.Key],
    ['LockIndex', String(pair.LockIndex)],
    ['ModifyIndex', String(pair.ModifyIndex)],
    ['Session', pair.Session || '-'],
  ];
  const lines = tabbed([...facts, ['Value', '']], 6);
  if (pair.Value) io.out(lines);
  else io.out(lines.trimEnd());
  printValue(io, '', pair, base64);
}
