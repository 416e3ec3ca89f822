import type { Route, RouteSplit } from '../../compile/proxy-config.ts';

/** The first route whose match holds. `path` is the target without its query; undefined for tcp, where only a match of everything counts. */
export function findRoute(routes: readonly Route[], path: string | undefined): Route | undefined {
  return routes.find(({ match }) => match.pathPrefix === undefined || path?.startsWith(match.pathPrefix) === true);
}

/** Draws a split by weight; `drawn` is uniform in [0, 1). */
export function drawSplit(splits: readonly RouteSplit[], drawn: number): RouteSplit | undefined {
  const total = splits.reduce((sum, split) => sum + split.weight, 0);
  let left = drawn * total;
  return splits.find((split) => {
    left -= split.weight;
    return left < 0;
  });
}
