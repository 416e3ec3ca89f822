import { type DecidingRule, MAX_DENIED_PATH, type RefusedCall } from '../api/denial.ts';
import { authorize, type Intention, type IntentionAction, matchIntentions } from '../catalog/intentions.ts';
import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { HTTP_METHODS } from '../entries/http-methods.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import { normalizeSources, type ServiceIntentions, type SourceIntention } from '../entries/service-intentions.ts';

/** What was refused, and what decided then. */
export type RefusedCallRef = Pick<RefusedCall, 'source' | 'destination' | 'request' | 'rule'>;

/** The least that would let exactly one call pass: an intention for connections, a permission for this method and path for requests. */
export type Allowance =
  | { readonly type: 'intention'; readonly source: string; readonly destination: string; readonly replaces: boolean }
  /** The whole entry of the destination, with everything that it says of others; `before`: ModifyIndex of the one that it replaces, 0: there is none. */
  | { readonly type: 'entry'; readonly entry: ServiceIntentions; readonly before: number };

/** Undefined when it would pass as things are now. A token that is missing is no matter of this. */
export function allowanceFor(s: Snapshot, dc: string, call: RefusedCallRef, byDefault: IntentionAction): Allowance | undefined {
  const { source, destination, request } = call;
  const deciding = matchIntentions(s, dc, { by: 'destination', name: destination }).value.find((one) => covers(one.source, source));
  if (!request) {
    if (authorize(s, dc, source, destination, byDefault).allowed) return undefined;
    return { type: 'intention', source, destination, replaces: deciding !== undefined && isExactly(deciding, source, destination) };
  }
  const permissions = permitted(permissionFor(request), deciding, call.rule, byDefault);
  if (!permissions) return undefined;
  const stored = entry(s, dc, 'service-intentions', destination).value;
  const before = stored as (ServiceIntentions & { readonly ModifyIndex: number }) | undefined;
  return { type: 'entry', entry: withPermissions(before, destination, source, permissions), before: before?.ModifyIndex ?? 0 };
}

/** Those that decide for the source, with one more. Whoever gets an intention of its own keeps what a wider one has permitted. */
function permitted(
  wanted: IntentionPermission,
  deciding: Intention | undefined,
  rule: DecidingRule | undefined,
  byDefault: IntentionAction,
): IntentionPermission[] | undefined {
  if (!deciding) return byDefault === 'allow' ? undefined : [wanted];
  const { permissions, action } = deciding;
  if (permissions.length === 0) {
    if (action === 'allow') return undefined;
    // What no permission matches is up to the default.
    return byDefault === 'allow' ? [wanted, { Action: 'deny', HTTP: { PathPrefix: '/' } }] : [wanted];
  }
  if (permissions.some((one) => isSame(one, wanted))) return undefined;
  const at = placeFor(deciding, rule);
  return [...permissions.slice(0, at), wanted, ...permissions.slice(at)];
}

/** Right before the one that has denied, so that all that went before it still does; first where that can't be told any more. */
function placeFor({ source, destination, permissions }: Intention, rule: DecidingRule | undefined): number {
  const isTheSame = rule && same(rule.source, source) && same(rule.destination, destination);
  if (!isTheSame || rule.permission === undefined) return 0;
  if (rule.permission === 'none') return permissions.length;
  return permissions[rule.permission]?.Action === 'deny' ? rule.permission : 0;
}

/** Exactly this method and path, as far as an entry can say it. */
function permissionFor({ method, path }: NonNullable<RefusedCall['request']>): IntentionPermission {
  const HTTP = {
    // Of a path that was cut the beginning is known.
    ...(path.startsWith('/') ? { [path.length < MAX_DENIED_PATH ? 'PathExact' : 'PathPrefix']: path } : {}),
    ...(HTTP_METHODS.has(method) ? { Methods: [method] } : {}),
  };
  return { Action: 'allow', HTTP };
}

/** Consul: who writes an entry makes the intentions in it nameless, and must not give them the Meta of old ones. */
function withPermissions(
  before: ServiceIntentions | undefined,
  destination: string,
  source: string,
  Permissions: IntentionPermission[],
): ServiceIntentions {
  const sources = (before?.Sources ?? []).map(withoutLegacy);
  const isIt = (from: SourceIntention): boolean => !from.Peer && same(from.Name, source);
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

function isSame({ Action, HTTP = {}, JWT }: IntentionPermission, wanted: IntentionPermission): boolean {
  const { PathExact, Methods = [], ...others } = HTTP;
  return (
    Action === 'allow' &&
    !JWT &&
    Object.keys(others).length === 0 &&
    PathExact === wanted.HTTP?.PathExact &&
    (Methods.length === 0 || (wanted.HTTP?.Methods ?? []).every((method) => Methods.includes(method)))
  );
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const covers = (pattern: string, name: string): boolean => pattern === '*' || same(pattern, name);
const isExactly = (one: Intention, source: string, destination: string): boolean =>
  same(one.source, source) && same(one.destination, destination);
