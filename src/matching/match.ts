import { wireText } from '../base/http-fields.ts';
import { compileRe2 } from '../base/re2.ts';
import type { Result } from '../base/result.ts';
import type { HeaderMatch, QueryMatch, RouteMatch } from '../compile/proxy-config.ts';
import { comparablePath } from './path.ts';
import type { RequestView } from './request-view.ts';

export type RequestTest = (request: RequestView) => boolean;
type ValueTest = (value: string) => boolean;

/** One of the things that all must hold, as a match has them. */
export interface Condition {
  readonly of: 'path' | 'methods' | HeaderMatch | QueryMatch;
  readonly test: RequestTest;
}

/**
 * The match as one function; undefined when it holds for every request. An error is an expression that is none. `pathText` is
 * how a path is written to be compared with that of a request.
 */
export function compileMatch(
  match: RouteMatch,
  pathText: (text: string) => string = comparablePath,
): Result<RequestTest | undefined, string> {
  const conditions = conditionsOf(match, pathText);
  if (!conditions.ok) return conditions;
  const tests = conditions.value.map(({ test }) => test);
  const [only] = tests;
  return { ok: true, value: tests.length < 2 ? only : (request) => tests.every((test) => test(request)) };
}

/** The match in its parts, in the order in which they are asked; none when it holds for every request. */
export function conditionsOf(match: RouteMatch, pathText: (text: string) => string = comparablePath): Result<Condition[], string> {
  const conditions: Condition[] = [];
  try {
    const path = pathTest(match, pathText);
    if (path) conditions.push({ of: 'path', test: (request) => path(request.path) });
    if (match.methods && match.methods.length > 0) {
      const methods = new Set(match.methods);
      conditions.push({ of: 'methods', test: (request) => methods.has(request.head.method) });
    }
    for (const header of match.headers ?? []) conditions.push({ of: header, test: headerTest(header) });
    for (const parameter of match.query ?? []) conditions.push({ of: parameter, test: queryTest(parameter) });
  } catch (error) {
    if (error instanceof BadExpression) return { ok: false, error: error.message };
    throw error;
  }
  return { ok: true, value: conditions };
}

class BadExpression extends Error {}

/** Consul: CaseInsensitive is for exact paths and prefixes; an expression says `(?i)` itself. */
function pathTest(
  { pathExact, pathPrefix, pathRegex, caseInsensitive = false }: RouteMatch,
  pathText: (text: string) => string,
): ValueTest | undefined {
  if (pathExact !== undefined) return valueTest('exact', pathText(pathExact), caseInsensitive);
  if (pathRegex !== undefined) return valueTest('regex', pathRegex, false);
  // Every path has this prefix, and `*` of OPTIONS belongs to whoever has all paths.
  if (pathPrefix === undefined || pathPrefix === '/') return undefined;
  return valueTest('prefix', pathText(pathPrefix), caseInsensitive);
}

/** Envoy: what has no value can't have a wrong one, so a field that is absent fails every match but that of absence. */
function headerTest({ name, type, value, invert, ignoreCase = false }: HeaderMatch): RequestTest {
  if (type === 'present') return (request) => (request.header(name) !== undefined) !== invert;
  const test = valueTest(type, value, ignoreCase);
  return (request) => {
    const present = request.header(name);
    return present !== undefined && test(present) !== invert;
  };
}

function queryTest({ name, type, value }: QueryMatch): RequestTest {
  if (type === 'present') return (request) => request.parameter(name) !== undefined;
  const test = valueTest(type, value, false);
  return (request) => {
    const present = request.parameter(name);
    return present !== undefined && test(present);
  };
}

/** `value` is Unicode; what it is compared with is made of bytes. */
function valueTest(type: Exclude<HeaderMatch['type'], 'present'>, value: string, ignoreCase: boolean): ValueTest {
  if (type === 'regex') {
    const expression = compileRe2(value, { whole: true, ignoreCase });
    if (!expression.ok) throw new BadExpression(`${JSON.stringify(value)}: ${expression.error}`);
    return (text) => expression.value.test(unicode(text));
  }
  const wire = wireText(value);
  const expected = ignoreCase ? asciiLower(wire) : wire;
  const seen = (text: string) => (ignoreCase ? asciiLower(text) : text);
  switch (type) {
    case 'exact':
      return (text) => seen(text) === expected;
    case 'prefix':
      return (text) => seen(text).startsWith(expected);
    case 'suffix':
      return (text) => seen(text).endsWith(expected);
    case 'contains':
      return (text) => seen(text).includes(expected);
  }
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

function unicode(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}
