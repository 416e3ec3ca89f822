import { messageOf } from '../../../base/errors.ts';
import { decodeBase64 } from '../../../base/go-base64.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { readData } from './input.ts';
import { kvPath } from './pairs.ts';

interface Written {
  readonly key: string;
  /** Decimal digits: 64 bits. */
  readonly flags: string;
  /** Base64. */
  readonly value: string;
}

export const kvImport: Command = {
  name: 'kv import',
  synopsis: 'Write what `kv export` has printed',
  usage: ['[DATA]'],
  description: 'Writes every key of a JSON text: a file with "@", standard input for "-", or the word itself.',
  examples: ['kv import @web.json', 'kv export web/ | mesh kv import -http-addr=10.0.0.1:8500 -'],
  flags: [{ name: 'prefix', kind: 'string', value: 'string', doc: 'What to put before every key.', completes: 'key' }],
  run: async ({ io, flags, args, client }) => {
    if (args.length > 1) throw new Failure(`Error! Too many arguments (expected 1, got ${args.length})`);
    const data = await readData(args[0] ?? '', io).catch((error: unknown) => {
      throw new Failure(`Error! ${messageOf(error)}`);
    });
    if (data.length === 0 && args[0] !== '-') throw new Failure('Error! Missing DATA argument');
    const api = await client();
    const headers = { 'Content-Type': 'application/octet-stream' };
    for (const { key, flags: bits, value } of await readEntries(data.toString(), flags.string('prefix') ?? '')) {
      const decoded = decodeBase64(value);
      if (decoded.error !== undefined) throw new Failure(`Error base 64 decoding value for key ${key}: ${decoded.error}`);
      const failed = `Error! Failed writing data for key ${key}`;
      if (key.startsWith('/')) throw new Failure(`${failed}: Invalid key. Key must not begin with a '/': ${key}`);
      const query = { flags: bits === '0' ? undefined : bits };
      await attempt(failed, api.expectOk('PUT', kvPath(key), { query, raw: decoded.value, headers }));
      io.out(`Imported: ${key}\n`);
    }
    return 0;
  },
};

/** Rejects with a Failure in the words of Go's decoder. Names of fields in any case, as it takes them. */
async function readEntries(text: string, prefix: string): Promise<readonly Written[]> {
  const fail = (why: string): never => {
    throw new Failure(`Cannot unmarshal data: ${why}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/("flags"\s*:\s*)(\d+)/gi, '$1"$2"'));
  } catch {
    const { readJson } = await import('../../../hcl/json.ts');
    return fail(readJson({ name: 'data', text }).goError ?? 'invalid JSON');
  }
  if (parsed === null) return [];
  if (!Array.isArray(parsed)) return fail(`json: cannot unmarshal ${goKind(parsed)} into Go value of type []*impexp.Entry`);
  return parsed.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      return fail(`json: cannot unmarshal ${goKind(entry)} into Go value of type impexp.Entry`);
    const fields = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value as unknown]));
    const take = (name: string, empty: string): string => {
      const value = fields.get(name) ?? empty;
      return typeof value === 'string'
        ? value
        : fail(`json: cannot unmarshal ${goKind(value)} into Go struct field Entry.${name} of type string`);
    };
    return { key: prefix + take('key', ''), flags: take('flags', '0'), value: take('value', '') };
  });
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}
