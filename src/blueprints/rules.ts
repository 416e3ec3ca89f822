import { neededBy } from './deferred.ts';
import type { DesiredResource } from './graph.ts';
import { resourceTypeOf } from './resources/index.ts';

export interface ByRules<T> {
  /** Intentions, config entries. */
  readonly rules: ReadonlySet<T>;
  /** What they are about, or may be: everything that none of them needs. */
  readonly ruled: ReadonlySet<T>;
  /** The rules themselves, and what they need, in the order given. */
  readonly rest: readonly T[];
}

/** Tells rules (`ResourceType.rules`) from what they may be about, so that one is never without the other. */
export function byRules<T>(all: readonly T[], resourceOf: (one: T) => DesiredResource): ByRules<T> {
  const rules = new Set(all.filter((one) => resourceTypeOf(resourceOf(one).type)?.rules));
  if (rules.size === 0) return { rules, ruled: new Set(), rest: all };
  const needed = neededBy(
    Array.from(rules, (rule) => resourceOf(rule).key),
    new Map(all.map((one) => [resourceOf(one).key, resourceOf(one).dependsOn])),
  );
  const ruled = new Set(all.filter((one) => !rules.has(one) && !needed.has(resourceOf(one).key)));
  return { rules, ruled, rest: all.filter((one) => !ruled.has(one)) };
}
