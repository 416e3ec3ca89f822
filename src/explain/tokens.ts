import type { ExplainDetail } from '../api/explanation.ts';
import type { JwtProvider, TokenRequirement } from '../compile/proxy-config.ts';
import { holdsClaim, wrongClaimText } from '../matching/claims.ts';
import type { RequestView } from '../matching/request-view.ts';
import { FAULTS, type TokenFault } from '../matching/token-fault.ts';
import { tokenAt } from '../matching/token-location.ts';
import { entryOrigin, type Walk } from './walk.ts';

export interface TokenCheck {
  /** Absent: a token is there that may do. Its signature is the data plane's to verify. */
  readonly fault?: TokenFault;
  /** Header that the token is taken out of before the request goes on. */
  readonly taken?: string;
  readonly details: readonly ExplainDetail[];
}

export type RejectedTokens = TokenCheck & { readonly fault: TokenFault };

/** What of a requirement a request brings, as far as a token says it without its keys. */
export function checkTokens(
  walk: Walk,
  dc: string,
  requirement: TokenRequirement,
  { providers = [], view }: { readonly providers: readonly JwtProvider[] | undefined; readonly view: RequestView },
): TokenCheck {
  const details: ExplainDetail[] = [];
  let worst: TokenFault = FAULTS.missing;
  for (const { name, claims } of requirement.providers) {
    const provider = providers.find((one) => one.name === name);
    const text = `a token of jwt-provider ${name}${claims.length === 0 ? '' : ` with ${claims.map(({ path, value }) => `${path.join('.')} = ${value}`).join(', ')}`}`;
    const common = { text, origin: entryOrigin(walk, dc, 'jwt-provider', name) };
    if (!provider) {
      details.push({ state: 'passed', ...common, reason: 'there is no such entry' });
      if ('missing' in worst) worst = FAULTS.noKey;
      continue;
    }
    const judged = judgeToken(provider, view, walk.now);
    const wrong = judged.payload && claims.find((claim) => !holdsClaim(judged.payload!, claim));
    const fault = judged.fault ?? (wrong ? FAULTS.claim : undefined);
    if (!fault) {
      details.push({ state: 'chosen', ...common, reason: 'its signature is verified when it is used' });
      return { details, ...(!provider.forward && judged.header !== undefined ? { taken: judged.header } : {}) };
    }
    details.push({ state: 'passed', ...common, reason: wrong ? wrongClaimText(name, wrong) : fault.text });
    if ('missing' in worst || !('missing' in fault)) worst = fault;
  }
  return { fault: worst, details };
}

interface Judged {
  readonly fault?: TokenFault;
  readonly payload?: object;
  readonly header?: string;
}

function judgeToken({ locations, issuer, audiences, clockSkewMs }: JwtProvider, view: RequestView, now: number): Judged {
  let last: Judged = { fault: FAULTS.missing };
  for (const location of locations) {
    const token = tokenAt(location, view);
    if (token === undefined) continue;
    const payload = payloadOf(token);
    if (!payload) {
      last = { fault: FAULTS.form };
      continue;
    }
    const { exp, nbf, iss, aud } = payload as { exp?: number; nbf?: number; iss?: string; aud?: string | readonly string[] };
    const seen = typeof aud === 'string' ? [aud] : (aud ?? []);
    if (issuer !== undefined && iss !== issuer) last = { fault: FAULTS.issuer };
    else if (audiences && !audiences.some((one) => seen.includes(one))) last = { fault: FAULTS.audience };
    else if (nbf !== undefined && nbf * 1000 - clockSkewMs > now) last = { fault: FAULTS.early };
    else if (exp !== undefined && exp * 1000 + clockSkewMs <= now) last = { fault: FAULTS.expired };
    else return { payload, ...('header' in location ? { header: location.header } : {}) };
  }
  return last;
}

/** Of a token in the form of a JWT; undefined: it has another. */
function payloadOf(token: string): object | undefined {
  const part = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/.exec(token)?.[1];
  if (part === undefined) return undefined;
  try {
    const payload: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof payload === 'object' && payload !== null ? payload : undefined;
  } catch {
    return undefined;
  }
}
