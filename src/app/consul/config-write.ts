import { type Diagnostic, renderDiagnostic } from '../../base/diagnostic.ts';
import { messageOf } from '../../base/errors.ts';
import { positionOf, type Source } from '../../base/source.ts';
import { decodeEntry, prepareEntry } from '../../entries/decode.ts';
import { entryToJson } from '../../entries/json.ts';
import { consulErrorText } from '../../entries/problem.ts';
import { entryKind, isKnownKind } from '../../entries/table.ts';
import { consulSyntaxError, decodeConsulText } from '../../hcl/hcl1/index.ts';
import { type Json, type LocatedMap, toJson } from '../../schema/located.ts';
import type { Io } from '../io.ts';
import { type ApiResponse, unexpected } from './client.ts';
import { afterWrite, type Command, Failure } from './command.ts';
import { CAS, casQuery } from './config-flags.ts';
import { cautionsOf } from './entry-cautions.ts';
import { type EntrySource, loadEntryFile } from './entry-file.ts';
import { originHeader, originOf } from './entry-origin.ts';

export const configWrite: Command = {
  name: 'config write',
  synopsis: 'Create or replace a config entry',
  usage: ['<file>|-'],
  completes: ['file'],
  description:
    'Creates or replaces a config entry from HCL or JSON: a file, or standard input for "-".\nA path of a shipped blueprint works as typed, in any folder.',
  examples: [
    'config write v2/consul_service/payments_defaults.hcl',
    'config write - < payments_defaults.hcl',
    'config write -cas -modify-index 42 payments_defaults.hcl',
  ],
  flags: CAS,
  run: async ({ io, flags, args, client }) => {
    if (args.length !== 1) throw new Failure('Must provide exactly one positional argument to specify the config entry to write');
    const source = await loadEntryFile(args[0]!, io);
    const { what, body, problems, warnings, origin } = readEntry(source, io);
    const api = await client();
    let answer: ApiResponse;
    try {
      answer = await api.send('PUT', '/v1/config', { query: casQuery(flags), body, ...originHeader(origin) });
      if (answer.status !== 200) throw new Error(unexpected(answer));
    } catch (error) {
      if (io.signal.aborted) throw error;
      throw failure(`Error writing config entry ${what}: ${messageOf(error)}`, problems, io);
    }
    if (!answer.body.includes('true')) throw new Failure(`Config entry not updated: ${what}`);
    io.out(`Config entry written: ${what}\n`);
    for (const warning of warnings) io.err(`WARNING: ${warning}\n`);
    const cautions = explain([...problems, ...cautionsOf(answer)], io);
    if (cautions !== '') io.err(`${cautions}\n`);
    await afterWrite(io, api);
    return 0;
  },
};

interface ReadEntry {
  /** `service-defaults/payments` */
  readonly what: string;
  /** What to send. An entry that looks invalid is sent all the same: what the agent says of it is the line to print. */
  readonly body: Json;
  /** What is wrong with it as far as can be seen from here. */
  readonly problems: readonly Diagnostic[];
  /** What Consul's command line says once it is written. */
  readonly warnings: readonly string[];
  /** See `originOf`. */
  readonly origin: string;
}

/** Throws a Failure, in the words of Consul's command line, for what can't even be sent. */
function readEntry(source: EntrySource, io: Io): ReadEntry {
  const failed = 'Failed to decode config entry input: ';
  const { value, diagnostics } = decodeConsulText(source);
  const origin = originOf(source.path, value);
  const syntax = consulSyntaxError(source) ?? ownSyntaxError(diagnostics, source);
  // Twice: the parser's caller and its caller both say so.
  if (syntax !== undefined) throw failure(`${failed}${failed}${syntax}`, diagnostics, io);
  const { entry, problems } = decodeEntry(value);
  if (!entry) {
    const foreign = foreignEntry(value);
    if (foreign) return { ...foreign, origin };
    throw failure(failed + consulErrorText(problems), problems, io);
  }
  const kind = entryKind(entry.Kind)!;
  const prepared = prepareEntry(value);
  const body = entryToJson(prepared.entry ?? kind.normalize(entry));
  const warnings = prepared.entry ? (kind.warnings?.(prepared.entry) ?? []) : [];
  return { what: `${entry.Kind}/${entry.Name}`, body, problems: prepared.problems, warnings, origin };
}

/** The entry of a file, for what it is called. Throws a Failure as `config write` does. */
export async function decodeEntryFile(path: string, io: Io): Promise<{ readonly Kind: string; readonly Name: string }> {
  const { body } = readEntry(await loadEntryFile(path, io), io);
  const { Kind = '', Name = '' } = body as { Kind?: string; Name?: string };
  return { Kind, Name: entryKind(Kind)?.fixedName ?? Name };
}

/** A kind that Consul has and we don't: the agent may be a real one. It reads its own dialect from JSON as well. */
function foreignEntry(value: LocatedMap): Omit<ReadEntry, 'origin'> | undefined {
  const json = toJson(value) as Record<string, Json>;
  const kind = json['Kind'] ?? json['kind'];
  if (typeof kind !== 'string' || entryKind(kind) || !isKnownKind(kind)) return undefined;
  const name = Object.entries(json).find(([key]) => key.toLowerCase() === 'name')?.[1];
  return { what: `${kind}/${typeof name === 'string' ? name : ''}`, body: json, problems: [], warnings: [] };
}

/** What Consul's parser overlooks and ours doesn't: `Protocol =` at the end of the file. */
function ownSyntaxError(diagnostics: readonly Diagnostic[], source: Source): string | undefined {
  const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (!first) return undefined;
  const { line, column } = positionOf(source, first.subject?.start ?? 0);
  return `At ${line}:${column}: ${first.summary}`;
}

function failure(consulLine: string, problems: readonly Diagnostic[], io: Io): Failure {
  const more = explain(problems, io);
  return new Failure(more === '' ? consulLine : `${consulLine}\n${more}`);
}

/** Our own words below Consul's, for people. */
function explain(problems: readonly Diagnostic[], io: Io): string {
  return io.diagnostics ? problems.map((problem) => renderDiagnostic(problem)).join('\n') : '';
}
