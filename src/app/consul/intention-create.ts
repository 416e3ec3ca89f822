import { renderDiagnostic } from '../../base/diagnostic.ts';
import type { Io } from '../io.ts';
import { type ApiClient, type ApiResponse, unexpected } from './client.ts';
import { afterWrite, attempt, type Command, type CommandContext, Failure } from './command.ts';
import { cautionsOf } from './entry-cautions.ts';
import { readInput } from './files.ts';
import { getExact } from './intention-get.ts';
import { describeIntention, destinationOf, type Intention, sourceOf } from './intention-model.ts';

export const intentionCreate: Command = {
  name: 'intention create',
  synopsis: 'Allow or deny calls between two services',
  usage: ['SRC DST', '-file FILE...'],
  completes: ['service', 'service'],
  description: 'Creates one intention, or one for each file of JSON ("-" is standard input). "*" stands for every service.',
  examples: [
    'intention create web db',
    'intention create -deny "*" db',
    'intention create -replace -deny web db',
    'intention create -file web-db.json',
  ],
  flags: [
    { name: 'allow', kind: 'bool', doc: 'Allow the calls; the default.' },
    { name: 'deny', kind: 'bool', doc: 'Deny the calls.' },
    { name: 'file', kind: 'bool', doc: 'The arguments are files, each with one intention.' },
    { name: 'meta', kind: 'list', value: 'value', doc: 'Metadata, key=value. May be given more than once.' },
    { name: 'replace', kind: 'bool', doc: 'Replace an intention of the same two services instead of failing.' },
  ],
  run: async (context) => {
    const { io, flags } = context;
    if (flags.bool('allow') && flags.bool('deny')) throw new Failure('Only one of -allow or -deny may be specified.');
    const wanted = await attempt('Error', readIntentions(context));
    const api = await context.client();
    for (const intention of wanted) {
      if (flags.bool('replace') && (await replace(api, intention, io))) continue;
      const created = written(api.send('POST', '/v1/connect/intentions', { body: intention }));
      const answer = await attempt(`Error creating intention ${JSON.stringify(describeIntention(intention))}`, created);
      io.out(`Created: ${describeIntention(intention)}\n`);
      tellCautions(answer, io);
    }
    await afterWrite(io, api);
    return 0;
  },
};

/** Rejects with Consul's words for an answer that is no 200. */
async function written(answering: Promise<ApiResponse>): Promise<ApiResponse> {
  const answer = await answering;
  if (answer.status !== 200) throw new Error(unexpected(answer));
  return answer;
}

function tellCautions(answer: ApiResponse, io: Io): void {
  if (io.diagnostics) for (const caution of cautionsOf(answer)) io.err(`${renderDiagnostic(caution)}\n`);
}

/** Overwrites an intention of the same names, silently as Consul does; false when there is none. */
async function replace(api: ApiClient, intention: Intention, io: Io): Promise<boolean> {
  const source = sourceOf(intention);
  const destination = destinationOf(intention);
  const which = `with source ${JSON.stringify(source)} and destination ${JSON.stringify(destination)}`;
  const old = await attempt(`Error looking up intention for replacement ${which}`, present(api, source, destination));
  if (!old) return false;
  // One that lives in a config entry has no id, and is replaced by its names; its Meta is the entry's.
  const { Meta: _, ...withoutMeta } = intention;
  const replaced = old.ID
    ? api.send('PUT', `/v1/connect/intentions/${encodeURIComponent(old.ID)}`, { body: { ...intention, ID: old.ID } })
    : api.send('PUT', '/v1/connect/intentions/exact', { query: { source, destination }, body: withoutMeta });
  tellCautions(await attempt(`Error replacing intention ${which}`, written(replaced)), io);
  return true;
}

/** Not to be there is no failure here, whatever the server is. */
const present = (api: ApiClient, source: string, destination: string): Promise<Intention | undefined> =>
  getExact(api, source, destination).catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });

async function readIntentions({ io, flags, args }: CommandContext): Promise<Intention[]> {
  if (flags.bool('file')) return Promise.all(args.map((path) => readIntention(path, io)));
  const [source, destination] = args;
  if (args.length !== 2 || source === undefined || destination === undefined)
    throw new Error('Must specify two arguments: source and destination');
  const from = parseTarget(source, 'source');
  const to = parseTarget(destination, 'destination');
  const Meta = parseMeta(flags.list('meta'));
  return [
    {
      ...(from.namespace === undefined ? {} : { SourceNS: from.namespace }),
      SourceName: from.name,
      ...(to.namespace === undefined ? {} : { DestinationNS: to.namespace }),
      DestinationName: to.name,
      Action: flags.bool('deny') ? 'deny' : 'allow',
      ...(Meta ? { Meta } : {}),
    },
  ];
}

/** Consul documents "-" for standard input and does not do it; here it works. */
async function readIntention(path: string, io: Io): Promise<Intention> {
  const text = path === '-' ? await io.stdin() : await readInput(path, io);
  const { readJson } = await import('../../hcl/json.ts');
  const { value, goError } = readJson({ name: path, text });
  if (!value) throw new Error(goError ?? 'EOF');
  const { toJson } = await import('../../schema/located.ts');
  const intention = toJson(value) as unknown as Intention;
  if (intention.Permissions?.length)
    throw new Error(`cannot create L7 intention from file ${JSON.stringify(path)} using this CLI; use 'consul config write' instead`);
  return intention;
}

/** `name`, `namespace/name` or `partition/namespace/name`. */
function parseTarget(input: string, end: 'source' | 'destination'): { name: string; namespace?: string } {
  const parts = input.split('/');
  if (parts.length > 3) throw new Error(`Invalid intention ${end}: input can contain at most two '/'`);
  const name = parts.pop()!;
  const namespace = parts.pop();
  return namespace === undefined ? { name } : { name, namespace };
}

function parseMeta(pairs: readonly string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new Error(`invalid meta ${JSON.stringify(pair)}: expected key=value`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
