import { sameName } from '../base/same-name.ts';
import { type Intention, type IntentionAction, matchIntentions } from '../catalog/intentions.ts';
import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { permissionRule } from '../compile/intention-rules.ts';
import { tokenRequirement } from '../compile/jwt.ts';
import type { IntentionRule } from '../compile/proxy-config.ts';
import { HTTP_METHODS } from '../entries/http-methods.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import { normalizeSources, type ServiceIntentions, type SourceIntention } from '../entries/service-intentions.ts';
import { type CallRef, type CallSide, judgeCall, placeOf, type Verdict } from './standing.ts';

/** The least that would let exactly one call pass: an intention for connections, a permission for this method and path for requests. */
export type Allowance =
  | { readonly type: 'intention'; readonly source: string; readonly destination: string; readonly replaces: boolean }
  /** The whole entry of the destination, with everything that it says of others; `before`: ModifyIndex of the one that it replaces, 0: there is none. */
  | { readonly type: 'entry'; readonly entry: ServiceIntentions; readonly before: number };

/** How a call would fare as things are, and what to do about it. */
export interface Standing {
  readonly passes: boolean;
  /** What decides: `intention deny web => payments (precedence 9)` */
  readonly rule: string;
  readonly allowance?: Allowance;
  /** Beside an allowance: what else it takes. Without: why there is none, as all that could be written would let more pass. */
  readonly advice?: string;
}

/** Of a call, by the intentions of the snapshot. `side` is what they are for the service that is called. */
export function standingOf(s: Snapshot, dc: string, call: CallRef, side: CallSide): Standing {
  const verdict = judgeCall(call, side);
  const { passes, rule } = verdict;
  if (passes) return { passes, rule };
  return { passes, rule, ...(side.protocol === 'tcp' ? forConnection(s, dc, call) : forRequest(s, dc, call, side, verdict)) };
}

type Advised = Pick<Standing, 'allowance' | 'advice'>;

function forConnection(s: Snapshot, dc: string, { source, destination, request }: CallRef): Advised {
  if (request) return { advice: `${destination} carries bytes: its connections can be allowed as a whole alone, no single request` };
  const deciding = decidingOf(s, dc, source, destination);
  if (storedEntry(s, dc, destination)?.JWT)
    return { advice: `service-intentions ${destination} asks for tokens, which a connection can't carry` };
  const replaces = deciding !== undefined && isExactly(deciding, source, destination);
  if (replaces && deciding.permissions.length > 0) {
    const why = 'which only requests can meet, and an intention that allows its connections would replace them';
    return { advice: `${deciding.source} => ${deciding.destination} has permissions, ${why}` };
  }
  return { allowance: { type: 'intention', source, destination, replaces } };
}

function forRequest(s: Snapshot, dc: string, call: CallRef, side: CallSide, verdict: Verdict): Advised {
  const { source, destination, request } = call;
  if (!request) return { advice: `${destination} speaks ${side.protocol}: a request can be allowed, and all of them are more than this` };
  const wanted = permissionFor(request);
  if (!wanted) return { advice: 'no permission can name exactly this path' };
  const deciding = decidingOf(s, dc, source, destination);
  const permissions = permitted(wanted, deciding, verdict, side.defaultAction);
  const before = storedEntry(s, dc, destination);
  // What is suggested is held against what decides: a path that no entry can name is not let in by one.
  const rule = ruleOf(source, permissions, before);
  if (!judgeCall({ source, destination, request }, { ...side, intentions: [rule] }).passes)
    return { advice: 'no permission can name exactly this path' };
  return {
    allowance: { type: 'entry', entry: withPermissions(before, destination, source, permissions), before: before?.ModifyIndex ?? 0 },
    ...(rule.tokens ? { advice: `it has to carry a token of ${rule.tokens.providers.map(({ name }) => name).join(' or ')} as well` } : {}),
  };
}

const decidingOf = (s: Snapshot, dc: string, source: string, destination: string): Intention | undefined =>
  matchIntentions(s, dc, { by: 'destination', name: destination }).value.find((one) => covers(one.source, source));

type StoredIntentions = ServiceIntentions & { readonly ModifyIndex: number };

const storedEntry = (s: Snapshot, dc: string, destination: string): StoredIntentions | undefined =>
  entry(s, dc, 'service-intentions', destination).value as StoredIntentions | undefined;

/** Those that decide for the source, with one more. Whoever gets an intention of its own keeps what a wider one has permitted. */
function permitted(
  wanted: IntentionPermission,
  deciding: Intention | undefined,
  verdict: Verdict,
  byDefault: IntentionAction,
): IntentionPermission[] {
  const { permissions } = deciding ?? { permissions: [] };
  // What no permission matches is up to the default.
  if (permissions.length === 0) return byDefault === 'allow' ? [wanted, { Action: 'deny', HTTP: { PathPrefix: '/' } }] : [wanted];
  const at = placeOf(verdict, permissions.length);
  return [...permissions.slice(0, at), wanted, ...permissions.slice(at)];
}

/** Exactly this method and path; undefined where no entry can say it. */
function permissionFor({ method, path, isCut }: NonNullable<CallRef['request']>): IntentionPermission | undefined {
  if (!path.startsWith('/') || isCut) return undefined;
  const named = HTTP_METHODS.has(method) ? { Methods: [method] } : { Header: [{ Name: ':method', Exact: method }] };
  return { Action: 'allow', HTTP: { PathExact: path, ...named } };
}

/** What sidecars get of the intention that is suggested. */
function ruleOf(source: string, permissions: readonly IntentionPermission[], before: ServiceIntentions | undefined): IntentionRule {
  return { source, action: 'deny', precedence: EXACT, permissions: permissions.map(permissionRule), ...tokenRequirement(before?.JWT) };
}

/** Of an intention that names both services (Consul). */
const EXACT = 9;

/** Consul: who writes an entry makes the intentions in it nameless, and must not give them the Meta of old ones. */
function withPermissions(
  before: ServiceIntentions | undefined,
  destination: string,
  source: string,
  Permissions: IntentionPermission[],
): ServiceIntentions {
  const sources = (before?.Sources ?? []).map(withoutLegacy);
  const isIt = (from: SourceIntention): boolean => !from.Peer && sameName(from.Name, source);
  const known = sources.find(isIt);
  const { Action: _, ...kept } = known ?? { Name: source, Type: 'consul', Precedence: 0 };
  const changed: SourceIntention = { ...kept, Permissions };
  return normalizeSources({
    Kind: 'service-intentions',
    Name: before?.Name ?? destination,
    ...(before?.JWT ? { JWT: before.JWT } : {}),
    Sources: known ? sources.map((from) => (isIt(from) ? changed : from)) : [...sources, changed],
    ...(before?.Meta ? { Meta: before.Meta } : {}),
  });
}

function withoutLegacy(from: SourceIntention): SourceIntention {
  const { LegacyID: _, LegacyMeta: __, LegacyCreateTime: ___, LegacyUpdateTime: ____, ...rest } = from;
  return rest;
}
const covers = (pattern: string, name: string): boolean => pattern === '*' || sameName(pattern, name);
const isExactly = (one: Intention, source: string, destination: string): boolean =>
  sameName(one.source, source) && sameName(one.destination, destination);
