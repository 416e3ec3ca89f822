import type { HeaderMatch, QueryMatch, RouteMatch } from '../compile/proxy-config.ts';

/**
 * A route's name for people: `/currency*`, `GET /health`, `/ x-group=dev`, `/*` for one that takes everything. It follows from what the
 * route matches, so that its counters go on when others are put before it.
 */
export function routeName(match: RouteMatch): string {
  const { methods = [], headers = [], query = [] } = match;
  const parts = [methods.join(','), pathOf(match), ...headers.map(describe), ...query.map((param) => `?${describe(param)}`)];
  return parts.filter((part) => part !== '').join(' ');
}

function pathOf({ pathExact, pathPrefix, pathRegex }: RouteMatch): string {
  if (pathExact !== undefined) return pathExact;
  if (pathRegex !== undefined) return `~${pathRegex}`;
  return `${pathPrefix ?? '/'}*`;
}

const SIGNS: Readonly<Record<HeaderMatch['type'], string>> = {
  present: '',
  exact: '=',
  prefix: '^=',
  suffix: '$=',
  contains: '*=',
  regex: '~=',
};

function describe(condition: QueryMatch | HeaderMatch): string {
  const inverted = 'invert' in condition && condition.invert ? '!' : '';
  return `${inverted}${condition.name}${SIGNS[condition.type]}${condition.type === 'present' ? '' : condition.value}`;
}
