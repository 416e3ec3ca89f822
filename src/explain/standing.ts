import type { DecidingRule } from '../api/denial.ts';
import { sameName } from '../base/same-name.ts';
import type { InboundListener, IntentionRule, PermissionRule, TokenRequirement } from '../compile/proxy-config.ts';
import { type Decision, decide, decidingRule, describeDecision } from '../matching/decide.ts';
import { IntentionTable } from '../matching/intention-table.ts';
import { readyRule } from '../matching/judge.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';

/** What a service asks of its callers. */
export type CallSide = Pick<InboundListener, 'protocol' | 'intentions' | 'defaultAction' | 'normalization'>;

/** A call, as far as it is known. */
export interface CallRef {
  readonly source: string;
  readonly destination: string;
  /** Absent: a connection. */
  readonly request?: KnownRequest;
  /** What decided when it was refused. */
  readonly rule?: DecidingRule;
}

export interface KnownRequest {
  readonly method: string;
  readonly host: string;
  /** As sidecars judge it, without its query. */
  readonly path: string;
  /** Only the beginning of the path is known. */
  readonly isCut?: boolean;
  /** The whole request; absent: nothing is known of its header fields and tokens. */
  readonly whole?: MatchedRequest;
}

export interface Verdict {
  readonly passes: boolean;
  /** For people: what decides, and on what conditions. */
  readonly rule: string;
  /** Where in the permissions each reading of the path is refused, from 0; `none`: no permission matched. */
  readonly refusedAt: readonly (number | 'none')[];
}

/** How rules judge a call. Of two permissions that look at what is not known, one that allows is taken not to hold, and one that denies only if it did before. */
export function judgeCall(call: CallRef, side: CallSide): Verdict {
  const { source, destination, request } = call;
  const { intentions, defaultAction, protocol } = side;
  const table = new IntentionTable(side, () => undefined);
  const ready = table.ruleFor(source);
  if (protocol === 'tcp' || !ready || ready.always) {
    const decision = decide(intentions, defaultAction, source);
    const rule = `${describeDecision(decision, destination)}${conditionText(decision, [])}`;
    return { passes: decision.action === 'allow', rule, refusedAt: [] };
  }
  if (!request) {
    const { source: from, destination: to, precedence } = decidingRule({ action: 'allow', rule: ready.rule }, destination)!;
    const rule = `${destination} speaks ${protocol}, and the permissions of intention ${from} => ${to} (precedence ${precedence}) decide request by request`;
    return { passes: true, rule, refusedAt: [] };
  }
  const head = request.whole ?? headOf(request);
  const looked = request.whole ? ready : readyRule(blind(ready.rule), () => undefined);
  const readings = table.readings(head, looked).map(({ reading, path }) => {
    const view = new RequestView(head, path);
    const holds = looked.permissions.map(({ test }) => test[reading]?.(view) ?? true);
    return decided(holding(ready.rule, holds, request.whole === undefined), ready.rule, call, side);
  });
  const refused = readings.filter(({ decision }) => decision.action === 'deny');
  const shown = refused[0] ?? readings[0]!;
  const unless = refused.length > 0 ? [] : [...new Set(readings.flatMap(({ avoided }) => avoided))];
  return {
    passes: refused.length === 0,
    rule: `${describeDecision(shown.decision, destination)}${conditionText(shown.decision, unless)}`,
    refusedAt: refused.map(({ decision }) => decision.permission ?? 'none'),
  };
}

/** Where a permission has to stand among so many to come before all that refuses. */
export function placeOf({ refusedAt }: Verdict, permissions: number): number {
  return Math.min(permissions, ...refusedAt.map((at) => (at === 'none' ? permissions : at)));
}

interface Holding {
  readonly at: number;
  readonly action: PermissionRule['action'];
  /** Whether it holds is up to what is not known. */
  readonly isOpen: boolean;
}

/** The permissions that hold, or may, up to the first that does for sure. */
function holding({ permissions = [] }: IntentionRule, holds: readonly boolean[], isBlind: boolean): Holding[] {
  const found: Holding[] = [];
  for (const [at, { action, match, tokens }] of permissions.entries()) {
    if (!holds[at]) continue;
    const isOpen = (isBlind && (match.headers ?? []).some(isUnknown)) || (action === 'deny' && tokens !== undefined);
    found.push({ at, action, isOpen });
    if (!isOpen) break;
  }
  return found;
}

interface Decided {
  readonly decision: Decision;
  /** Permissions that would deny if what is not known were as they say. */
  readonly avoided: readonly number[];
}

function decided(found: readonly Holding[], rule: IntentionRule, { destination, rule: before }: CallRef, side: CallSide): Decided {
  const now = decidingRule({ action: 'deny', rule }, destination)!;
  const isTheSame = before !== undefined && sameNames(before, now);
  const avoided: number[] = [];
  for (const { at, action, isOpen } of found) {
    if (!isOpen || (action === 'deny' && isTheSame && before.permission === at))
      return { decision: { action, rule, permission: at }, avoided };
    if (action === 'deny') avoided.push(at);
  }
  return { decision: { action: side.defaultAction, rule, permission: 'none' }, avoided };
}

function conditionText({ action, rule, permission }: Decision, unless: readonly number[]): string {
  if (action === 'deny' || !rule) return '';
  const own = typeof permission === 'number' ? rule.permissions?.[permission]?.tokens : undefined;
  const others = unless.length === 0 ? '' : `, unless it is as ${unless.map((at) => `Permissions[${at}]`).join(' or ')} denies`;
  return withTokens(rule.tokens, own) + others;
}

function withTokens(...required: readonly (TokenRequirement | undefined)[]): string {
  const asked = required.flatMap((one) => (one ? [one.providers.map(({ name }) => name).join(' or ')] : []));
  return asked.length === 0 ? '' : `, with a token of ${asked.join(' and one of ')}`;
}

const headOf = ({ method, host, path }: KnownRequest): MatchedRequest => ({ method, host, path, target: path, fields: { list: [] } });

/** What a refusal remembers can be compared. */
const REMEMBERED: ReadonlySet<string> = new Set(['host', ':authority', ':method', ':scheme']);
const isUnknown = ({ name }: { readonly name: string }): boolean => !REMEMBERED.has(name.toLowerCase());

/** The rule without what it asks of fields that are not known. */
function blind(rule: IntentionRule): IntentionRule {
  const permissions = (rule.permissions ?? []).map((one): PermissionRule => {
    const { headers, ...match } = one.match;
    const kept = headers?.filter((header) => !isUnknown(header)) ?? [];
    return { ...one, match: kept.length > 0 ? { ...match, headers: kept } : match };
  });
  return { ...rule, permissions };
}

const sameNames = (a: DecidingRule, b: DecidingRule): boolean => sameName(a.source, b.source) && sameName(a.destination, b.destination);
