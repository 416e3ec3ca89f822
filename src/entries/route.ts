import { compileRe2 } from '../base/re2.ts';
import { headerProblems } from './header-modifiers.ts';
import { HTTP_METHODS } from './http-methods.ts';
import { caution, type Problem, problem } from './problem.ts';
import type { HttpMatch, RouteDestination, ServiceRoute } from './service-router.ts';

const RETRY_CONDITIONS: ReadonlySet<string> = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** Reports one problem of a route: what is wrong, and where below it. `allowed`: a warning only. */
type Report = (text: string, below: string, allowed?: boolean) => void;

/** Problems of one route, in Consul's words and order. */
export function validateRoute(route: ServiceRoute, i: number): Problem[] {
  const found: Problem[] = [];
  const report: Report = (text, below, allowed = false) => {
    const [at, full] = [`Routes[${i}].${below}`, `Route[${i}] ${text}`];
    found.push(allowed ? caution(at, full) : problem('alone', at, full));
  };
  const http = route.Match?.HTTP;
  if (http) validateMatch(http, report);
  if (route.Destination) validateDestination(route.Destination, Boolean(http?.PathExact || http?.PathPrefix), report);
  return found;
}

function validateMatch(http: HttpMatch, report: Report): void {
  for (const field of ['PathExact', 'PathPrefix'] as const) {
    const path = http[field];
    if (path && !path.startsWith('/')) report(`${field} doesn't start with '/': ${JSON.stringify(path)}`, `Match.HTTP.${field}`);
  }
  if ([http.PathExact, http.PathPrefix, http.PathRegex].filter(Boolean).length > 1) {
    report('should only contain at most one of PathExact, PathPrefix, or PathRegex', 'Match.HTTP');
  }
  checkRegex(http.PathRegex, 'PathRegex', 'Match.HTTP.PathRegex', report);
  if (http.PathRegex && http.CaseInsensitive) {
    report('CaseInsensitive has no effect on PathRegex: begin the expression with (?i)', 'Match.HTTP.CaseInsensitive', true);
  }
  http.Header?.forEach((header, j) => {
    const at = `Match.HTTP.Header[${j}]`;
    if (header.Name === '') report(`Header[${j}] missing required Name field`, at);
    const ways = [header.Present, header.Exact, header.Prefix, header.Suffix, header.Contains, header.Regex].filter(Boolean);
    const all = header.Contains ? 'Present, Exact, Prefix, Suffix, Contains, or Regex' : 'Present, Exact, Prefix, Suffix, or Regex';
    if (ways.length !== 1) report(`Header[${j}] should only contain one of ${all}`, at);
    if (header.IgnoreCase && (header.Present || header.Regex)) {
      report(`Header[${j}] should set one of Exact, Prefix, Suffix, or Contains when using IgnoreCase`, `${at}.IgnoreCase`);
    }
    checkRegex(header.Regex, `Header[${j}] Regex`, `${at}.Regex`, report);
  });
  http.QueryParam?.forEach((param, j) => {
    const at = `Match.HTTP.QueryParam[${j}]`;
    if (param.Name === '') report(`QueryParam[${j}] missing required Name field`, at);
    const ways = [param.Present, param.Exact, param.Regex].filter(Boolean);
    if (ways.length !== 1) report(`QueryParam[${j}] should only contain one of Present, Exact, or Regex`, at);
    checkRegex(param.Regex, `QueryParam[${j}] Regex`, `${at}.Regex`, report);
  });
  const seen = new Set<string>();
  http.Methods?.forEach((method, j) => {
    const at = `Match.HTTP.Methods[${j}]`;
    if (!HTTP_METHODS.has(method)) report(`Methods contains an invalid method ${JSON.stringify(method)}`, at);
    if (seen.has(method)) report(`Methods contains ${JSON.stringify(method)} more than once`, at);
    seen.add(method);
  });
}

function validateDestination(to: RouteDestination, canRewrite: boolean, report: Report): void {
  if (to.PrefixRewrite && !canRewrite) {
    report('cannot make use of PrefixRewrite without configuring either PathExact or PathPrefix', 'Destination.PrefixRewrite');
  }
  to.RetryOn?.forEach((condition, j) => {
    if (!RETRY_CONDITIONS.has(condition)) {
      report(`contains an invalid retry condition: ${JSON.stringify(condition)}`, `Destination.RetryOn[${j}]`);
    }
  });
  // Consul's decoder refuses a negative number here: its field has no sign.
  if ((to.NumRetries ?? 0) < 0) report(`NumRetries cannot be negative: ${to.NumRetries}`, 'Destination.NumRetries');
  to.RetryOnStatusCodes?.forEach((code, j) => {
    if (code < 100 || code > 599) report(`contains an invalid status code to retry on: ${code}`, `Destination.RetryOnStatusCodes[${j}]`);
  });
  for (const field of ['RequestHeaders', 'ResponseHeaders'] as const) {
    for (const { text, allowed } of headerProblems(to[field])) report(`${field}.${text}`, `Destination.${field}`, allowed);
  }
}

/** Consul leaves expressions to Envoy; here a bad one is refused where it is written. */
function checkRegex(text: string | undefined, name: string, below: string, report: Report): void {
  if (!text) return;
  const compiled = compileRe2(text, { whole: true });
  if (!compiled.ok) report(`${name} is not a valid expression: ${compiled.error}`, below);
}
