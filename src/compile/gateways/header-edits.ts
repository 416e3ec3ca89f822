import type { HeaderEdits, Route, RouteAction } from '../proxy-config.ts';

export type BothEdits = Pick<RouteAction, 'requestHeaders' | 'responseHeaders'>;

/** A route behind a gateway that edits headers itself: requests pass the gateway first, answers last. */
export function withEdits(gateway: BothEdits, route: Route): Route {
  const edits = mergeBoth(gateway, route.action ?? {});
  return Object.keys(edits).length === 0 ? route : { ...route, action: { ...route.action, ...edits } };
}

/** As if a request had passed through `outer`, then `inner`, and its answer the other way. */
export function mergeBoth(outer: BothEdits, inner: BothEdits): BothEdits {
  const request = mergeEdits(outer.requestHeaders, inner.requestHeaders);
  const response = mergeEdits(inner.responseHeaders, outer.responseHeaders);
  return { ...(request ? { requestHeaders: request } : {}), ...(response ? { responseHeaders: response } : {}) };
}

/** One after the other as one. Of two values that are added under one name the second is. */
export function mergeEdits(first: HeaderEdits | undefined, then: HeaderEdits | undefined): HeaderEdits | undefined {
  if (!first || !then) return first ?? then;
  const gone = new Set(then.remove);
  const left = (pairs: Readonly<Record<string, string>>, replaced: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(pairs).filter(([name]) => !gone.has(name) && !Object.hasOwn(replaced, name));
  return {
    add: Object.fromEntries([...left(first.add, then.set), ...Object.entries(then.add)]),
    set: Object.fromEntries([...left(first.set, then.set), ...Object.entries(then.set)]),
    remove: [...new Set([...first.remove, ...then.remove])],
  };
}
