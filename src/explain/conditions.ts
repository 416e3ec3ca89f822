import type { HeaderMatch, QueryMatch, RouteMatch } from '../compile/proxy-config.ts';
import { type Condition, conditionsOf } from '../matching/match.ts';
import type { RequestView } from '../matching/request-view.ts';
import { quoted, unwired } from './texts.ts';

export interface Outcome {
  /** What doesn't hold; none: it matches. */
  readonly failed: readonly string[];
  /** The expression is none, so that nothing can be said. */
  readonly problem?: string;
}

/** Which conditions of a match do not hold for a request, in words: `the path is "/", not "/currency*"`. */
export function weigh(match: RouteMatch, view: RequestView, pathText?: (text: string) => string): Outcome {
  const conditions = conditionsOf(match, pathText);
  if (!conditions.ok) return { failed: [], problem: conditions.error };
  const failed = conditions.value.filter(({ test }) => !test(view));
  return { failed: failed.map((condition) => reasonOf(condition, match, view)) };
}

function reasonOf({ of }: Condition, match: RouteMatch, view: RequestView): string {
  if (of === 'path') return `the path is ${quoted(unwired(view.path))}`;
  if (of === 'methods') return `the method is ${view.head.method}, not ${(match.methods ?? []).join(' or ')}`;
  return 'invert' in of ? headerReason(of, view) : parameterReason(of, view);
}

function headerReason(header: HeaderMatch, view: RequestView): string {
  const { name, invert } = header;
  const seen = view.header(name);
  if (seen === undefined) return `${name} is absent`;
  if (header.type === 'present') return `${name} is present`;
  return `${name} is ${quoted(unwired(seen))}, ${invert ? 'which must not' : 'which does not'} ${wanted(header)}`;
}

function parameterReason(parameter: QueryMatch, view: RequestView): string {
  const seen = view.parameter(parameter.name);
  if (seen === undefined) return `there is no query parameter ${parameter.name}`;
  return `query parameter ${parameter.name} is ${quoted(unwired(seen))}, which does not ${wanted(parameter)}`;
}

const VERBS: Readonly<Record<Exclude<HeaderMatch['type'], 'present'>, string>> = {
  exact: 'equal',
  prefix: 'begin with',
  suffix: 'end in',
  contains: 'contain',
  regex: 'match',
};

function wanted({ type, value }: HeaderMatch | QueryMatch): string {
  return type === 'present' ? 'be present' : `${VERBS[type]} ${quoted(value)}`;
}
