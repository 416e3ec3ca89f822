import type { Snapshot } from '../catalog/snapshot.ts';
import { FAULT_INJECTION, type FaultInjection } from '../entries/extensions/fault-injection.ts';
import { LOCAL_RATE_LIMIT, type LocalRateLimit } from '../entries/extensions/local-rate-limit.ts';

import type { ServiceDefaults } from '../entries/service-defaults.ts';
import { extensionsOf, type Stated } from './extensions.ts';
import { serviceDefaultsOf } from './protocol.ts';
import type { Fault, InboundListener, RateLimit, RateLimitRule, RouteMatch, TokenBucketLimit } from './proxy-config.ts';

/** Faults and limits of the requests that a service gets. */
export function inboundFilters(s: Snapshot, dc: string, service: string): Pick<InboundListener, 'faults' | 'rateLimits'> {
  const extensions = extensionsOf(s, dc, service);
  const faults = extensions.faults.map(faultOf);
  const own = instanceLimit(service, serviceDefaultsOf(s, dc, service)?.RateLimits);
  const rateLimits = [...extensions.localRateLimits.map(extensionLimit), ...(own ? [own] : [])];
  return {
    ...(faults.length > 0 ? { faults } : {}),
    ...(rateLimits.length > 0 ? { rateLimits } : {}),
  };
}

function faultOf({ entry, value: { headers, delay, abort } }: Stated<FaultInjection>): Fault {
  return {
    of: `${FAULT_INJECTION} of ${entry}`,
    headers,
    ...(delay ? { delay: { ms: delay.durationMs, percent: delay.percentage } } : {}),
    ...(abort ? { abort: { ...statusOf(abort), percent: abort.percentage } } : {}),
  };
}

function statusOf({
  httpStatus,
  grpcStatus,
}: NonNullable<FaultInjection['abort']>): Pick<NonNullable<Fault['abort']>, 'httpStatus' | 'grpcStatus'> {
  return { ...(httpStatus === undefined ? {} : { httpStatus }), ...(grpcStatus === undefined ? {} : { grpcStatus }) };
}

/** Consul puts it before everything else. */
function extensionLimit({ entry, value }: Stated<LocalRateLimit>): RateLimit {
  const { maxTokens, tokensPerFill, fillInterval, filterEnabled, filterEnforced } = value;
  return {
    entry,
    beforeIntentions: true,
    rules: [{ of: LOCAL_RATE_LIMIT, tokens: { maxTokens, tokensPerFill, fillMs: fillInterval * 1000 } }],
    enabledPercent: filterEnabled,
    enforcedPercent: filterEnforced,
  };
}

/** Consul Enterprise: the first route that matches counts instead of the limit for all. */
function instanceLimit(service: string, limits: ServiceDefaults['RateLimits']): RateLimit | undefined {
  const level = limits?.InstanceLevel;
  if (!level) return undefined;
  const routes = (level.Routes ?? []).map((route, i): RateLimitRule => {
    return { ...rule(`RateLimits.InstanceLevel.Routes[${i}]`, route), match: pathOf(route) };
  });
  const rules = [...routes, rule('RateLimits.InstanceLevel', level)];
  if (rules.every(({ tokens }) => !tokens)) return undefined;
  return { entry: `service-defaults ${service}`, rules, enabledPercent: 100, enforcedPercent: 100 };
}

function rule(of: string, { RequestsPerSecond = 0, RequestsMaxBurst = 0 }: Rate): RateLimitRule {
  if (RequestsPerSecond <= 0) return { of };
  const tokens: TokenBucketLimit = { maxTokens: RequestsMaxBurst || RequestsPerSecond, tokensPerFill: RequestsPerSecond, fillMs: 1000 };
  return { of, tokens };
}

interface Rate {
  readonly RequestsPerSecond?: number | undefined;
  readonly RequestsMaxBurst?: number | undefined;
}

type LimitedRoute = NonNullable<NonNullable<NonNullable<ServiceDefaults['RateLimits']>['InstanceLevel']>['Routes']>[number];

function pathOf({ PathExact, PathPrefix, PathRegex }: LimitedRoute): RouteMatch {
  if (PathExact) return { pathExact: PathExact };
  return PathPrefix ? { pathPrefix: PathPrefix } : PathRegex ? { pathRegex: PathRegex } : {};
}
