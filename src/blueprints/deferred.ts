import type { Loaded } from './loaded.ts';

type Dependencies = ReadonlyMap<string, readonly string[]>;

/** Those that can't be lowered yet: a part of them is not known, or they come after one of which that is so. `order`: dependencies first. */
export function waitingIn(order: readonly Loaded[], dependencies: Dependencies): Loaded[] {
  const waiting = new Set<string>();
  return order.filter(({ key, waiting: unknown }) => {
    const waits = unknown || (dependencies.get(key) ?? []).some((other) => waiting.has(other));
    if (waits) waiting.add(key);
    return waits;
  });
}

/**
 * What of it is lowered now. Usually all; but while one that makes files waits for others, only these: the rest may read the
 * files.
 */
export function nextToLower(lowerable: readonly Loaded[], waiting: readonly Loaded[], dependencies: Dependencies): readonly Loaded[] {
  const needed = neededBy(
    waiting.filter(({ type }) => type.makesFiles).map(({ key }) => key),
    dependencies,
  );
  const first = lowerable.filter(({ key }) => needed.has(key));
  return first.length > 0 ? first : lowerable;
}

/** Everything that these come after, directly or not. */
export function neededBy(keys: readonly string[], dependencies: Dependencies): Set<string> {
  const needed = new Set<string>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop())
    for (const other of dependencies.get(key) ?? []) {
      if (needed.has(other)) continue;
      needed.add(other);
      open.push(other);
    }
  return needed;
}
