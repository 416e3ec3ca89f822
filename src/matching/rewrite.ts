import type { RouteMatch } from '../compile/proxy-config.ts';
import { comparablePath, escapeForTarget, replacePrefix } from './path.ts';
import type { RequestView } from './request-view.ts';

/**
 * What a route sends instead of the client's target; undefined when it changes nothing. Envoy: the prefix is replaced as text, so
 * `/currency` -> `/` makes `//eur` of `/currency/eur`; the path is in its normal form afterwards.
 */
export function rewriteOf(match: RouteMatch, to: string | undefined): ((request: RequestView) => string) | undefined {
  if (to === undefined || match.pathRegex !== undefined) return undefined;
  const replacement = escapeForTarget(to);
  const prefix = comparablePath(match.pathPrefix ?? '/').length;
  return (request) => {
    const { target, path } = request.head;
    if (!path.startsWith('/')) return target;
    const length = match.pathExact === undefined ? prefix : request.path.length;
    return replacePrefix(path, request.path, length, replacement) + target.slice(path.length);
  };
}
