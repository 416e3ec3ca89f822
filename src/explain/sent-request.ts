import { HOP_BY_HOP } from '../base/http-fields.ts';
import type { Route, RouteSplit } from '../compile/proxy-config.ts';
import { combinedEdits } from '../matching/combined-edits.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';
import { rewriteOf } from '../matching/rewrite.ts';

/** A request as a caller's proxy sends it on: rewritten, and with the edits of its route and split. Operators in values stay as they are written. */
export function sentRequest(request: MatchedRequest, { match, action }: Route, split: RouteSplit, defaultHost: string): MatchedRequest {
  const target = rewriteOf(match, action?.prefixRewrite)?.(new RequestView(request)) ?? request.target;
  const query = target.indexOf('?');
  const edits = combinedEdits([action?.requestHeaders, split.requestHeaders], () => undefined);
  const kept = withoutFields(request.fields.list, (name) => HOP_BY_HOP.has(name) || edits?.remove.has(name) === true);
  return {
    method: request.method,
    target,
    path: query === -1 ? target : target.slice(0, query),
    host: request.host ?? defaultHost,
    fields: { list: [...kept, ...(edits?.add ?? []).flat()] },
  };
}

/** `drop` gets names in lower case. */
export function withoutFields(list: readonly string[], drop: (name: string) => boolean): string[] {
  return list.filter((_, i) => !drop(list[i - (i % 2)]!.toLowerCase()));
}
