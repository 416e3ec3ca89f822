import type { JWTPayload } from 'jose';
import type { Clock } from '../../base/ports.ts';
import type { JwtProvider, TokenLocation } from '../../compile/proxy-config.ts';
import type { RequestView } from '../../matching/request-view.ts';
import { FAULTS, type TokenFault } from '../../matching/token-fault.ts';
import { tokenAt } from '../../matching/token-location.ts';
import type { Abroad } from '../environment.ts';
import { KeySet, type Keys } from './key-set.ts';

/** Envoy: longer tokens are verified, not remembered. */
const MAX_REMEMBERED_LENGTH = 4 * 1024;
const TOKEN = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/;

interface Payload {
  readonly payload: JWTPayload;
  /** As it stands in the token: base64url without padding. */
  readonly payloadText: string;
}

/** A token that is good. */
export interface GoodToken extends Payload {
  readonly location: TokenLocation;
}

type Verdict = GoodToken | TokenFault;

/** Finds and verifies the tokens of one provider, and remembers those that were good as long as its keys are the same. */
export class TokenVerifier {
  readonly provider: JwtProvider;
  readonly #keys: KeySet;
  readonly #clock: Clock;
  /** By their text, the least recently used first. */
  #good = new Map<string, Payload>();
  #goodWith: Keys | undefined;

  constructor(provider: JwtProvider, env: Abroad) {
    this.provider = provider;
    this.#clock = env.clock;
    this.#keys = new KeySet(provider, env);
  }

  /** Of several tokens of a request one has to be good. A promise when one has to be verified; it doesn't reject. */
  judge(request: RequestView, from = 0, fault: TokenFault = FAULTS.missing): Verdict | Promise<Verdict> {
    const { locations } = this.provider;
    let last = fault;
    for (let i = from; i < locations.length; i++) {
      const location = locations[i]!;
      const token = tokenAt(location, request);
      if (token === undefined) continue;
      const remembered = this.#recall(token);
      if (remembered) return { ...remembered, location };
      const payloadText = TOKEN.exec(token)?.[1];
      if (payloadText === undefined) {
        last = FAULTS.form;
        continue;
      }
      return this.#verify(token, payloadText).then((outcome) =>
        isFault(outcome) ? this.judge(request, i + 1, outcome) : { payload: outcome, payloadText, location },
      );
    }
    return last;
  }

  #recall(token: string): Payload | undefined {
    const keys = this.#keys.current();
    if (keys !== this.#goodWith) return undefined;
    const good = this.#good.get(token);
    if (!good) return undefined;
    this.#good.delete(token);
    const { exp } = good.payload;
    if (exp !== undefined && exp * 1000 + this.provider.clockSkewMs <= this.#clock.now()) return undefined;
    this.#good.set(token, good);
    return good;
  }

  async #verify(token: string, payloadText: string): Promise<JWTPayload | TokenFault> {
    let keys = await this.#keys.current();
    if (isFault(keys)) return keys;
    const { verifyToken } = await import('./verify-token.ts');
    let outcome = await verifyToken(token, this.provider, keys, this.#clock.now());
    const newer = outcome === FAULTS.noKey ? await this.#keys.newer() : undefined;
    if (newer && !isFault(newer)) {
      keys = newer;
      outcome = await verifyToken(token, this.provider, keys, this.#clock.now());
    }
    if (!isFault(outcome)) this.#remember(token, { payload: outcome, payloadText }, keys);
    return outcome;
  }

  #remember(token: string, good: Payload, keys: Keys): void {
    const { cacheSize } = this.provider;
    if (token.length > MAX_REMEMBERED_LENGTH || cacheSize <= 0) return;
    if (keys !== this.#goodWith) {
      this.#goodWith = keys;
      this.#good = new Map();
    }
    this.#good.set(token, good);
    if (this.#good.size > cacheSize) this.#good.delete(this.#good.keys().next().value!);
  }
}

export function isFault(outcome: object): outcome is TokenFault {
  return 'status' in outcome && 'text' in outcome;
}
