import type { InboundListener } from '../../compile/proxy-config.ts';
import { readyFault } from '../filters/fault.ts';
import type { RequestFilter } from '../filters/filter.ts';
import { type RateLimitContext, readyRateLimit } from '../filters/rate-limit.ts';

export interface InboundFilterContext extends RateLimitContext {
  /** Whether the peer may send this request at all. */
  readonly intentions: RequestFilter;
}

/**
 * What a request from the mesh has to pass on its way to the application. The order is that of the filter chain that Consul
 * makes for Envoy: faults come before anything else, the rate limit extension is put in front of what Consul itself brings,
 * then intentions decide. The limits of service-defaults come after them, so that nobody who is denied uses up what others may have.
 */
export function inboundFilters(
  config: Pick<InboundListener, 'faults' | 'rateLimits'>,
  context: InboundFilterContext,
): readonly RequestFilter[] {
  const limits = config.rateLimits ?? [];
  const early = limits.filter(({ beforeIntentions }) => beforeIntentions);
  const late = limits.filter(({ beforeIntentions }) => !beforeIntentions);
  return [
    ...(config.faults ?? []).map((fault) => readyFault(fault, context)),
    ...early.map((limit) => readyRateLimit(limit, context)),
    context.intentions,
    ...late.map((limit) => readyRateLimit(limit, context)),
  ];
}
