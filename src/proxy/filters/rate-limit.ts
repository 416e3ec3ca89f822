import type { RateLimit, RateLimitRule, TokenBucketLimit } from '../../compile/proxy-config.ts';
import { compileMatch, type RequestTest } from '../../matching/match.ts';
import { RequestView } from '../../matching/request-view.ts';
import type { Refusal } from '../http/respond.ts';
import { drawPercent, type RequestFilter } from './filter.ts';
import { TokenBucket } from './token-bucket.ts';

/** Buckets of one listener. Those whose limits stay as they are keep their tokens when the configuration changes. */
export class Buckets {
  readonly #now: () => number;
  #present = new Map<string, TokenBucket>();
  #next = new Map<string, TokenBucket>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `owner` tells buckets with equal limits apart. */
  bucket(owner: string, limit: TokenBucketLimit): TokenBucket {
    const key = `${owner} ${limit.maxTokens} ${limit.tokensPerFill} ${limit.fillMs}`;
    const bucket = this.#next.get(key) ?? this.#present.get(key) ?? new TokenBucket(limit, this.#now);
    this.#next.set(key, bucket);
    return bucket;
  }

  /** Forgets those that the configuration before had and this one has not asked for. */
  settle(): void {
    this.#present = this.#next;
    this.#next = new Map();
  }
}

export interface RateLimitContext {
  readonly buckets: Buckets;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Gets one line for each rule that can't be followed. */
  readonly ignored: (reason: string) => void;
}

interface ReadyRule {
  readonly test: RequestTest | undefined;
  readonly bucket: TokenBucket | undefined;
  readonly refusal: Refusal;
}

/** Envoy's answer, which its clients and retry policies know. */
const LIMITED = { status: 429, flag: 'RL', body: 'local_rate_limited', fields: [['x-envoy-ratelimited', 'true']] } as const;

/** The first rule that matches counts, and no other. */
export function readyRateLimit(limit: RateLimit, context: RateLimitContext): RequestFilter {
  const rules = limit.rules.flatMap((rule) => readyRule(limit, rule, context));
  const { enabledPercent, enforcedPercent } = limit;
  const { random } = context;
  return (request) => {
    if (!drawPercent(enabledPercent, random)) return undefined;
    const rule = findRule(rules, request);
    if (!rule?.bucket || rule.bucket.take()) return undefined;
    return drawPercent(enforcedPercent, random) ? rule.refusal : undefined;
  };
}

function findRule(rules: readonly ReadyRule[], request: Parameters<RequestFilter>[0]): ReadyRule | undefined {
  const [first] = rules;
  if (!first?.test) return first;
  const view = new RequestView(request);
  return rules.find(({ test }) => test === undefined || test(view));
}

function readyRule(limit: RateLimit, rule: RateLimitRule, { buckets, ignored }: RateLimitContext): ReadyRule[] {
  const match = compileMatch(rule.match ?? {});
  if (!match.ok) {
    ignored(`${rule.of}: ${match.error}`);
    return [];
  }
  const bucket = rule.tokens && buckets.bucket(rule.of, rule.tokens);
  return [{ test: match.value, bucket, refusal: { ...LIMITED, reason: `too many requests: ${describe(limit, rule)}` } }];
}

function describe({ entry }: RateLimit, { of, tokens }: RateLimitRule): string {
  const { tokensPerFill = 0, fillMs = 0, maxTokens = 0 } = tokens ?? {};
  return `${of} of ${entry} allows ${tokensPerFill} in ${fillMs} ms, ${maxTokens} at once`;
}
