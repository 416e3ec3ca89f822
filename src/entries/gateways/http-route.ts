import { type Decoded, int, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { limits, nullable } from '../fields.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { validateJwt } from '../permissions.ts';
import { type Problem, problem } from '../problem.ts';
import { isDomainName } from './domain-name.ts';
import { httpFilters, httpResponseFilters, ruleFilters } from './http-filters.ts';
import { httpMatch, httpMatchProblems, normalHttpMatch } from './http-match.ts';
import { parents, status, validateParents, withKind } from './reference.ts';
import { serviceTls } from './tls.ts';
import { routeWarnings } from './unserved.ts';

const service = object({
  Name: withDefault(string(), '', 'The service.'),
  Weight: withDefault(int(), 1, 'Its share of the requests, beside the weights of the others.'),
  Filters: withDefault(httpFilters, {}, 'What is done to requests for it.'),
  ResponseFilters: withDefault(httpResponseFilters, {}, 'What is done to its answers.'),
  TLS: optional(serviceTls, 'A certificate of its own.'),
  Limits: optional(limits, 'Limits of connections and requests.'),
});

const rule = object({
  Filters: withDefault(ruleFilters, {}, 'What is done to requests.'),
  ResponseFilters: withDefault(httpResponseFilters, {}, 'What is done to answers.'),
  Matches: nullable(list(httpMatch), 'Requests that it is for: one of these; all, if there are none.'),
  Services: nullable(list(service), 'Where they go.'),
});

const schema = object({
  Parents: parents,
  Rules: nullable(list(rule), 'Which requests go where.'),
  Hostnames: nullable(list(string()), 'Values of the Host header that it is for; empty: those of its listener.'),
  Status: withDefault(status, {}, 'Computed: whether the route is fit for use and bound.'),
});

export type HttpRoute = EntryBase & Decoded<typeof schema>;
export type HttpRouteRule = NonNullable<HttpRoute['Rules']>[number];

export const httpRoute: EntryKind<HttpRoute> = {
  kind: 'http-route',
  schema,
  normalize: (entry) => {
    const up = withKind(entry.Parents, 'api-gateway');
    const rules = entry.Rules?.map(normalRule);
    return canonicalEntry({ ...entry, Status: {}, ...(up ? { Parents: up } : {}), ...(rules ? { Rules: rules } : {}) }, schema);
  },
  validate,
  references: (entry) => serviceNames(entry).map((name) => ({ service: name })),
  warnings: routeWarnings,
};

/** Services that it leads to. */
export const serviceNames = (entry: HttpRoute): string[] => [
  ...new Set((entry.Rules ?? []).flatMap((one) => (one.Services ?? []).map(({ Name }) => Name))),
];

function normalRule(one: HttpRouteRule): HttpRouteRule {
  const matches = one.Matches?.map(normalHttpMatch);
  const services = one.Services?.map((to) => ({ ...to, Weight: (to.Weight ?? 0) > 0 ? to.Weight : 1 }));
  return { ...one, ...(matches ? { Matches: matches } : {}), ...(services ? { Services: services } : {}) };
}

function validate(entry: HttpRoute): Problem[] {
  const found: Problem[] = [];
  entry.Hostnames?.forEach((host, i) => {
    const at = `Hostnames[${i}]`;
    if (!isDomainName(host)) found.push(problem('alone', at, `host ${JSON.stringify(host)} must be a valid DNS hostname`));
    else if (host.includes('*')) found.push(problem('alone', at, `host ${JSON.stringify(host)} must not be a wildcard`));
  });
  found.push(...validateParents(entry.Parents), ...validateMeta(entry));
  entry.Rules?.forEach((one, i) => {
    found.push(...validateJwt(one.Filters?.JWT, `Rules[${i}].Filters.JWT`));
    one.Matches?.forEach((match, j) => {
      for (const [field, text] of httpMatchProblems(match)) {
        found.push(problem('alone', `Rules[${i}].Matches[${j}].${field}`, `Rule[${i}], Match[${j}], ${text}`));
      }
    });
  });
  return found;
}
