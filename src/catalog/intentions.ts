import { ZERO_TIME } from '../base/go-time.ts';
import { compareTexts } from '../base/order.ts';
import { sameName } from '../base/same-name.ts';
import { intentionPrecedence } from '../entries/intention-precedence.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import { normalizeSources, type ServiceIntentions, type SourceIntention } from '../entries/service-intentions.ts';
import { changeKeys } from './keys.ts';
import { entries, entry, type QueryResult } from './queries.ts';
import type { Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

export type IntentionAction = 'allow' | 'deny';

/** What decides where no intention speaks, unless ACLs are on and say otherwise. */
export const DEFAULT_ACTION: IntentionAction = 'allow';

/** One source of a service-intentions entry, seen from both ends. */
export interface Intention extends Indexed {
  readonly source: string;
  readonly destination: string;
  /** Undefined when permissions decide. */
  readonly action: IntentionAction | undefined;
  readonly permissions: readonly IntentionPermission[];
  /** Every request must carry a token of one of the entry's providers. */
  readonly needsToken: boolean;
  /** Which tokens these are. */
  readonly tokens?: ServiceIntentions['JWT'];
  readonly precedence: number;
  readonly description: string;
  /** Of the whole entry; its own where it has an id. */
  readonly meta: Readonly<Record<string, string>>;
  /** Of one that was made by the old endpoints. */
  readonly legacy?: LegacyId;
}

/** What the old endpoints know an intention by. Times as in Consul's JSON. */
export interface LegacyId {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What it decides for a connection: permissions and tokens are seen in requests only, and where there are none they deny (Consul). */
export function connectionAction(intention: Intention): IntentionAction {
  return intention.needsToken ? 'deny' : (intention.action ?? 'deny');
}

/** The four ways to name two services, highest first: 9, 8, 6, 5. */
export function precedence(source: string, destination: string): number {
  return intentionPrecedence(source, destination);
}

/** All intentions, highest precedence first, then by destination and source. */
export function listIntentions(s: Snapshot, dc: string): QueryResult<Intention[]> {
  const found = entries(s, dc, 'service-intentions');
  return { ...found, value: found.value.flatMap(intentionsOf).sort(byPrecedence) };
}

/** Those that speak of a service as destination, or as source, by name or by wildcard: in the order in which they decide. */
export function matchIntentions(
  s: Snapshot,
  dc: string,
  match: { readonly by: 'destination' | 'source'; readonly name: string },
): QueryResult<Intention[]> {
  const { by, name } = match;
  if (by === 'source') {
    const all = listIntentions(s, dc);
    return { ...all, value: all.value.filter((intention) => covers(intention.source, name)) };
  }
  const destinations = name === '*' ? ['*'] : [name, '*'];
  const found = destinations.map((destination) => entry(s, dc, 'service-intentions', destination));
  const value = found.flatMap(({ value }) => (value ? intentionsOf(value) : [])).sort(byPrecedence);
  return { value, index: found[0]!.index, watch: destinations.map((destination) => changeKeys.intentions(dc, destination)) };
}

/** The intention with exactly these two names, wildcards taken literally. */
export function exactIntention(s: Snapshot, dc: string, source: string, destination: string): QueryResult<Intention | undefined> {
  const all = listIntentions(s, dc);
  const value = all.value.find((intention) => sameName(intention.source, source) && sameName(intention.destination, destination));
  return { ...all, value };
}

/** The intention with this id. */
export function intentionById(s: Snapshot, dc: string, id: string): QueryResult<Intention | undefined> {
  const all = listIntentions(s, dc);
  return { ...all, value: all.value.find((intention) => intention.legacy?.id === id) };
}

/** `ALLOW default/web => default/db (ID: 31a6e72a-…, Precedence: 9)`, as Consul calls it. */
export function describeIntention(intention: Intention): string {
  const { source, destination, precedence: number, legacy } = intention;
  const id = legacy ? `ID: ${legacy.id}, ` : '';
  return `${connectionAction(intention).toUpperCase()} default/${source} => default/${destination} (${id}Precedence: ${number})`;
}

export interface Decision {
  readonly allowed: boolean;
  /** Absent: the default decided. */
  readonly rule?: Intention;
  /** For people, in Consul's form. */
  readonly reason: string;
}

/** Whether a connection is allowed: the first match in order of precedence decides, and `byDefault` where there is none. */
export function authorize(s: Snapshot, dc: string, source: string, destination: string, byDefault = DEFAULT_ACTION): Decision {
  const matching = matchIntentions(s, dc, { by: 'destination', name: destination }).value;
  const rule = matching.find((intention) => covers(intention.source, source));
  if (!rule) return { allowed: byDefault === 'allow', reason: 'Default behavior configured by ACLs' };
  return { allowed: connectionAction(rule) === 'allow', rule, reason: `Matched intention: ${describeIntention(rule)}` };
}

export interface IntentionEdit {
  readonly source: string;
  readonly destination: string;
  readonly action?: IntentionAction;
  /** Instead of an action. */
  readonly permissions?: readonly IntentionPermission[];
  readonly description?: string;
  /** Makes it one of the old endpoints'. */
  readonly legacy?: LegacyId & { readonly meta: Readonly<Record<string, string>> };
}

/**
 * The entry of `edit.destination` with this intention put in, in place of one with the same source. Normalized; the caller
 * validates it as any other entry.
 */
export function upsertIntention(existing: EntryBase | undefined, edit: IntentionEdit): ServiceIntentions {
  const before = existing as ServiceIntentions | undefined;
  const source = {
    Name: edit.source,
    Type: 'consul',
    Precedence: precedence(edit.source, edit.destination),
    ...(edit.action === undefined ? {} : { Action: edit.action }),
    ...(edit.permissions === undefined ? {} : { Permissions: [...edit.permissions] }),
    ...(edit.description === undefined ? {} : { Description: edit.description }),
    ...legacyFields(edit.legacy),
  } satisfies SourceIntention;
  const id = edit.legacy?.id;
  const sources = (before?.Sources ?? []).filter((from) => id === undefined || from.LegacyID !== id || isLocal(from, edit.source));
  const replaces = sources.some((from) => isLocal(from, edit.source));
  return normalizeSources({
    Kind: 'service-intentions',
    Name: edit.destination,
    ...(before?.JWT ? { JWT: before.JWT } : {}),
    Sources: replaces ? sources.map((from) => (isLocal(from, edit.source) ? source : from)) : [...sources, source],
    ...(before?.Meta ? { Meta: before.Meta } : {}),
  });
}

function legacyFields(legacy: IntentionEdit['legacy']): Partial<SourceIntention> {
  if (!legacy) return {};
  const { id, meta, createdAt, updatedAt } = legacy;
  return { LegacyID: id, LegacyMeta: { ...meta }, LegacyCreateTime: createdAt, LegacyUpdateTime: updatedAt };
}

/** The entry without the intention from `source`; undefined when none is left, and the entry has to go. */
export function deleteIntention(existing: EntryBase | undefined, source: string): ServiceIntentions | undefined {
  const before = existing as ServiceIntentions | undefined;
  const left = before?.Sources.filter((from) => !isLocal(from, source)) ?? [];
  return before && left.length > 0 ? normalizeSources({ ...before, Sources: left }) : undefined;
}

/** Sources of a cluster peer never match a service of this mesh. */
function intentionsOf(stored: EntryBase & Indexed): Intention[] {
  const { Sources, ...entry } = stored as ServiceIntentions & Indexed;
  return Sources.filter((from) => !from.Peer).map((from) => ({
    source: from.Name,
    destination: entry.Name,
    action: from.Action === 'allow' || from.Action === 'deny' ? from.Action : undefined,
    permissions: from.Permissions ?? [],
    needsToken: entry.JWT !== undefined,
    ...(entry.JWT ? { tokens: entry.JWT } : {}),
    precedence: precedence(from.Name, entry.Name),
    description: from.Description ?? '',
    meta: from.LegacyID === undefined ? (entry.Meta ?? {}) : (from.LegacyMeta ?? {}),
    ...legacyOf(from),
    CreateIndex: entry.CreateIndex,
    ModifyIndex: entry.ModifyIndex,
  }));
}

function legacyOf({ LegacyID: id, LegacyCreateTime: createdAt = ZERO_TIME, LegacyUpdateTime: updatedAt = ZERO_TIME }: SourceIntention): {
  legacy?: LegacyId;
} {
  return id === undefined ? {} : { legacy: { id, createdAt, updatedAt } };
}

function byPrecedence(a: Intention, b: Intention): number {
  return b.precedence - a.precedence || compareTexts(a.destination, b.destination) || compareTexts(a.source, b.source);
}
const covers = (pattern: string, name: string): boolean => pattern === '*' || sameName(pattern, name);
const isLocal = (from: SourceIntention, source: string): boolean => !from.Peer && sameName(from.Name, source);
