import type { JWTPayload } from 'jose';
import type { ClaimRule, JwtProvider, TokenRequirement } from '../../compile/proxy-config.ts';
import { holdsClaim, wrongClaimText } from '../../matching/claims.ts';
import type { RequestView } from '../../matching/request-view.ts';
import { FAULTS, type TokenFault } from '../../matching/token-fault.ts';
import type { Abroad } from '../environment.ts';
import type { Refusal } from '../http/respond.ts';
import { type GoodToken, isFault, TokenVerifier } from './verifier.ts';

/** What of a requirement a request has brought. */
export type TokenOutcome = AcceptedToken | RejectedToken;

export interface AcceptedToken extends GoodToken {
  readonly provider: JwtProvider;
}

export interface RejectedToken {
  readonly fault: TokenFault;
  /** For logs: which provider or claim; nothing of the token. */
  readonly reason: string;
}

/** The providers of one listener, and what they have fetched and verified, which outlives changes of the rest. */
export class Tokens {
  readonly #env: Abroad;
  #verifiers: ReadonlyMap<string, TokenVerifier> = new Map();
  #known = new Map<string, TokenVerifier>();

  constructor(env: Abroad) {
    this.#env = env;
  }

  update(providers: readonly JwtProvider[] = []): void {
    const known = new Map<string, TokenVerifier>();
    for (const provider of providers) {
      const key = JSON.stringify(provider);
      known.set(key, this.#known.get(key) ?? new TokenVerifier(provider, this.#env));
    }
    this.#known = known;
    this.#verifiers = new Map(Array.from(known.values(), (verifier) => [verifier.provider.name, verifier]));
  }

  /** Lower-case names of the headers in which applications look for payloads: nobody else may send them. */
  payloadHeaders(): string[] {
    return Array.from(this.#verifiers.values()).flatMap(({ provider }) => provider.payloadHeader?.name ?? []);
  }

  /** Whether a request carries a token of one of the providers, with the claims asked for. A promise doesn't reject. */
  check(requirement: TokenRequirement, request: RequestView, from = 0, before?: RejectedToken): TokenOutcome | Promise<TokenOutcome> {
    const wanted = requirement.providers[from];
    if (!wanted) return before ?? { fault: FAULTS.missing, reason: 'no provider is named' };
    const verifier = this.#verifiers.get(wanted.name);
    if (!verifier) return this.check(requirement, request, from + 1, worse(before, unknown(wanted.name)));
    const weigh = (verdict: GoodToken | TokenFault): TokenOutcome | Promise<TokenOutcome> => {
      const rejected = isFault(verdict) ? told(wanted.name, verdict) : wrongClaim(wanted.name, verdict.payload, wanted.claims);
      if (!rejected) return { ...(verdict as GoodToken), provider: verifier.provider };
      return this.check(requirement, request, from + 1, worse(before, rejected));
    };
    const verdict = verifier.judge(request);
    return verdict instanceof Promise ? verdict.then(weigh) : weigh(verdict);
  }
}

const told = (name: string, fault: TokenFault): RejectedToken => ({ fault, reason: `${fault.text} (jwt-provider ${name})` });
const unknown = (name: string): RejectedToken => ({ fault: FAULTS.noKey, reason: `there is no jwt-provider ${name}` });

/** A token that was refused says more than one that is missing. */
function worse(before: RejectedToken | undefined, now: RejectedToken): RejectedToken {
  return before && (!before.fault.missing || now.fault.missing) ? before : now;
}

function wrongClaim(name: string, payload: JWTPayload, claims: readonly ClaimRule[]): RejectedToken | undefined {
  const wrong = claims.find((claim) => !holdsClaim(payload, claim));
  return wrong && { fault: FAULTS.claim, reason: wrongClaimText(name, wrong) };
}

/** The answer to a request whose tokens won't do, as Envoy gives it. */
export function tokenRefusal({ fault, reason }: RejectedToken, request: RequestView, who: string, rule: string): Refusal {
  const { host = '', path } = request.head;
  const realm = `http://${host}${path}`.replace(/["\\]/g, (char) => encodeURIComponent(char)).slice(0, 256);
  const challenge = `Bearer realm="${realm}"${fault.missing ? '' : ', error="invalid_token"'}`;
  return {
    status: fault.status,
    reason: `${who}: ${rule}: ${reason}`,
    body: fault.text,
    rule,
    ...(fault.status === 401 ? { fields: [['WWW-Authenticate', challenge]] as const } : {}),
  };
}
