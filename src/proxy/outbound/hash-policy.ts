import type { HashPolicy } from '../../compile/proxy-config.ts';
import { cookieOf, newValue, setCookie } from '../../matching/cookies.ts';
import { combineHashes, hash32 } from '../../matching/hash.ts';
import type { RequestView } from '../../matching/request-view.ts';
import type { Caller, ExchangeRules, FormattedEdits } from '../http/service.ts';

/** What a request is balanced by. */
export interface RequestHash {
  /** 32 bits without a sign; undefined when no policy finds anything: then any endpoint will do. */
  readonly value: number | undefined;
  /** A `Set-Cookie` for a client that has not got its cookie yet. */
  readonly cookie: string | undefined;
}

/** `random` is uniform in [0, 1): values of new cookies. */
export function hashRequest(
  policies: readonly HashPolicy[],
  view: RequestView,
  caller: Pick<Caller, 'remoteAddress'>,
  random: () => number,
): RequestHash {
  let value: number | undefined;
  let cookie: string | undefined;
  for (const policy of policies) {
    let text = textOf(policy, view, caller);
    if (text === undefined && policy.type === 'cookie' && policy.ttlMs !== undefined) {
      text = newValue(random);
      cookie = setCookie(policy, text);
    }
    if (text === undefined) continue;
    value = combineHashes(value ?? 0, hash32(text));
    if (policy.terminal) break;
  }
  return { value, cookie };
}

function textOf(policy: HashPolicy, view: RequestView, caller: Pick<Caller, 'remoteAddress'>): string | undefined {
  switch (policy.type) {
    case 'source-ip':
      return caller.remoteAddress;
    case 'header':
      return view.header(policy.name);
    case 'query':
      return view.parameter(policy.name);
    case 'cookie':
      return cookieOf(view.header('cookie'), policy.name);
  }
}

const NO_RULES: ExchangeRules = { timeoutMs: 0, idleMs: undefined, retry: undefined, responseEdits: undefined };
const NO_EDITS: FormattedEdits = { remove: new Set(), add: [] };

/** The answer brings the client a cookie, beside those of the application. */
export function withCookie(rules: ExchangeRules = NO_RULES, cookie: string): ExchangeRules {
  const edits = rules.responseEdits ?? NO_EDITS;
  return { ...rules, responseEdits: { ...edits, add: [...edits.add, ['set-cookie', cookie]] } };
}
