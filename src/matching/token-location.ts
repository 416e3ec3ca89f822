import type { TokenLocation } from '../compile/proxy-config.ts';
import type { RequestView } from './request-view.ts';

/** The text in the place of a token; undefined when there is none. It is not looked at yet. */
export function tokenAt(location: TokenLocation, request: RequestView): string | undefined {
  if ('parameter' in location) return request.parameter(location.parameter);
  if ('cookie' in location) return cookie(request.header('cookie'), location.cookie);
  const value = request.header(location.header);
  return value?.startsWith(location.prefix) ? value.slice(location.prefix.length) : undefined;
}

function cookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** A request target without a parameter of its query. */
export function withoutParameter(target: string, name: string): string {
  const at = target.indexOf('?');
  if (at === -1) return target;
  const kept = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => !new URLSearchParams(pair).has(name));
  return kept.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${kept.join('&')}`;
}
