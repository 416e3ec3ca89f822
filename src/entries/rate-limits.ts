import { compileRe2 } from '../base/re2.ts';
import { type Problem, problem } from './problem.ts';
import type { ServiceDefaults } from './service-defaults.ts';

type InstanceLevel = NonNullable<NonNullable<ServiceDefaults['RateLimits']>['InstanceLevel']>;
type Rate = Pick<InstanceLevel, 'RequestsPerSecond' | 'RequestsMaxBurst'>;
type LimitedRoute = NonNullable<InstanceLevel['Routes']>[number];

/** Of Consul Enterprise: the words are ours. */
export function validateRateLimits(limits: ServiceDefaults['RateLimits']): Problem[] {
  const level = limits?.InstanceLevel;
  if (!level) return [];
  const path = 'RateLimits.InstanceLevel';
  const routes = (level.Routes ?? []).flatMap((route, i) => {
    const at = `${path}.Routes[${i}]`;
    return [...rateProblems(route, at), ...pathProblems(route, at)];
  });
  return [...rateProblems(level, path), ...routes];
}

function rateProblems(rate: Rate, path: string): Problem[] {
  return (['RequestsPerSecond', 'RequestsMaxBurst'] as const)
    .filter((field) => (rate[field] ?? 0) < 0)
    .map((field) => problem('listed', `${path}.${field}`, `${path}.${field} cannot be negative`));
}

function pathProblems({ PathExact, PathPrefix, PathRegex }: LimitedRoute, path: string): Problem[] {
  const given = [PathExact, PathPrefix, PathRegex].filter(Boolean).length;
  if (given !== 1) return [problem('listed', path, `${path} must have exactly one of PathExact, PathPrefix, or PathRegex`)];
  const plain = PathExact || PathPrefix;
  if (plain && !plain.startsWith('/'))
    return [problem('listed', path, `${path}: the path doesn't start with '/': ${JSON.stringify(plain)}`)];
  const expression = PathRegex ? compileRe2(PathRegex, { whole: true }) : undefined;
  if (!expression || expression.ok) return [];
  return [problem('listed', `${path}.PathRegex`, `${path}.PathRegex: ${expression.error}`)];
}
