import type { Result } from '../../base/result.ts';
import { argument, type Block, numberOf, textOf } from './arguments.ts';

export const LOCAL_RATE_LIMIT = 'builtin/http/localratelimit';

/** A token bucket for all requests that an instance gets. */
export interface LocalRateLimit {
  readonly maxTokens: number;
  readonly tokensPerFill: number;
  /** Seconds. */
  readonly fillInterval: number;
  /** Percent of the requests that are counted. Envoy: none, unless it is set. */
  readonly filterEnabled: number;
  /** Percent of the requests without a token that are refused. Envoy: none, unless it is set. */
  readonly filterEnforced: number;
}

/** Errors are in Consul's words. */
export function readLocalRateLimit(args: Block): Result<LocalRateLimit, string[]> {
  const errors: string[] = [];
  const interval = numberOf(argument(args, 'FillInterval'));
  const max = numberOf(argument(args, 'MaxTokens'));
  const perFill = numberOf(argument(args, 'TokensPerFill'));
  const proxyType = textOf(argument(args, 'ProxyType'));
  if (interval === undefined) errors.push('FillInterval(in second) is missing');
  else if (interval <= 0) errors.push(`FillInterval(in second) must be greater than 0, got ${interval}`);
  if (max === undefined) errors.push('MaxTokens is missing');
  else if (max <= 0) errors.push(`MaxTokens must be greater than 0, got ${max}`);
  if (perFill !== undefined && perFill <= 0) errors.push(`TokensPerFill must be greater than 0, got ${perFill}`);
  if (proxyType !== 'connect-proxy') errors.push(`unexpected ProxyType ${JSON.stringify(proxyType)}`);
  if (errors.length > 0) return { ok: false, error: errors };
  const percent = (name: string): number => numberOf(argument(args, name)) ?? 0;
  return {
    ok: true,
    value: {
      maxTokens: max!,
      tokensPerFill: perFill ?? 1,
      fillInterval: interval!,
      filterEnabled: percent('FilterEnabled'),
      filterEnforced: percent('FilterEnforced'),
    },
  };
}
