import { diagnosticToJson } from '../base/diagnostic.ts';
import { MeshError } from '../base/errors.ts';
import { prepareEntry } from '../entries/decode.ts';
import { entryToJson } from '../entries/json.ts';
import type { EntryBase } from '../entries/kind.ts';
import { fromJson, type Json } from '../schema/located.ts';
import type { ConfigEntry, IntentionSpec } from './types.ts';

/** Decoded as the HTTP API decodes it. Throws a MeshError with every field that is wrong. */
export function readEntry(given: ConfigEntry): EntryBase {
  const { Kind: kind = '', Name: name = '' } = Object(given) as { Kind?: string; Name?: string };
  // Fields that are undefined are not there, as in JSON.
  const { entry, problems } = prepareEntry(fromJson(JSON.parse(JSON.stringify(given ?? null))));
  if (entry) return entry;
  const wrong = problems.filter(({ severity }) => severity === 'error');
  const what = [kind, name].filter((part) => part !== '').join('/') || 'a config entry';
  const lines = wrong.map(({ summary }) => summary);
  throw new MeshError('invalid', `${what} is invalid: ${lines.join('; ')}`, {
    ...(wrong[0]?.hint === undefined ? {} : { hint: wrong[0].hint }),
    diagnostics: wrong.map(diagnosticToJson),
  });
}

/** The service-intentions entry of the destination with this put in, in place of one of the same source. */
export function withIntention(existing: EntryBase | undefined, { source, destination, action }: IntentionSpec): EntryBase {
  const decides = typeof action === 'string' ? { Action: action } : { Permissions: action as unknown as Json };
  const others = sourcesOf(existing).filter((other) => other['Name'] !== source);
  const before = existing ? entryToJson(existing) : { Kind: 'service-intentions', Name: destination };
  return readEntry({ ...before, Sources: [...others, { Name: source, ...decides }] } as unknown as ConfigEntry);
}

/** The entry without that source; undefined: none is left, and the entry goes. Throws a MeshError where there is no such intention. */
export function withoutIntention(existing: EntryBase | undefined, source: string, destination: string): EntryBase | undefined {
  const sources = sourcesOf(existing);
  const left = sources.filter((other) => other['Name'] !== source);
  if (!existing || left.length === sources.length) {
    const others = sources.map(({ Name }) => Name as string);
    throw new MeshError('usage', `there is no intention from ${source} to ${destination}`, {
      hint:
        others.length === 0 ? `nobody has written one to ${destination}` : `to ${destination} there are those from ${others.join(', ')}`,
    });
  }
  return left.length === 0 ? undefined : readEntry({ ...entryToJson(existing), Sources: left } as unknown as ConfigEntry);
}

function sourcesOf(existing: EntryBase | undefined): Record<string, Json>[] {
  return existing ? ((entryToJson(existing)['Sources'] ?? []) as Record<string, Json>[]) : [];
}
