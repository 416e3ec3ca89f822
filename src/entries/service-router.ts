import { bool, type Decoded, duration, int, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { headerModifiers } from './header-modifiers.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { coversAll, shadowedIn } from './match-covers.ts';
import { validateMeta } from './meta.ts';
import { caution, type Problem, problem } from './problem.ts';
import { validateRoute } from './route.ts';

const header = object({
  Name: withDefault(string(), '', 'Name of the header, in any case.'),
  Present: optional(bool(), 'It is there.'),
  Exact: optional(string(), 'Its value.'),
  Prefix: optional(string(), 'The beginning of its value.'),
  Suffix: optional(string(), 'The end of its value.'),
  Contains: optional(string(), 'A part of its value.'),
  Regex: optional(string(), 'An expression (RE2) for its whole value.'),
  Invert: optional(bool(), 'The opposite.'),
  IgnoreCase: optional(bool(), 'The case of the value does not matter.'),
});

const queryParam = object({
  Name: withDefault(string(), '', 'Name of the query parameter.'),
  Present: optional(bool(), 'It is there.'),
  Exact: optional(string(), 'Its value.'),
  Regex: optional(string(), 'An expression (RE2) for its whole value.'),
});

const http = object({
  PathExact: optional(string(), 'The whole path.'),
  PathPrefix: optional(string(), 'The beginning of the path.'),
  PathRegex: optional(string(), 'An expression (RE2) for the whole path.'),
  CaseInsensitive: optional(bool(), 'The case of the path does not matter.'),
  Header: optional(list(header), 'Headers that must match, all of them.'),
  QueryParam: optional(list(queryParam), 'Query parameters that must match, all of them.'),
  Methods: optional(list(string()), 'Methods, one of which must match.'),
});

/** Consul prints the timeouts first. */
const destination = object({
  RequestTimeout: optional(duration(), 'Time for the whole request, retries included; negative: no limit.'),
  IdleTimeout: optional(duration(), 'Time without any byte; negative: no limit.'),
  Service: optional(string(), 'Service to call; the own one by default.'),
  ServiceSubset: optional(string(), 'Subset of its instances; such a route is not split any further.'),
  PrefixRewrite: optional(string(), 'Replaces the part of the path that matched.'),
  NumRetries: optional(int(), 'How often to try again.'),
  RetryOnConnectFailure: optional(bool(), 'Try again when no connection could be made.'),
  RetryOn: optional(list(string()), 'Conditions of Envoy to try again on: 5xx, gateway-error, reset, …'),
  RetryOnStatusCodes: optional(list(int()), 'Status codes to try again on.'),
  RequestHeaders: optional(headerModifiers, 'Edits of the headers of the request.'),
  ResponseHeaders: optional(headerModifiers, 'Edits of the headers of the answer.'),
});

const route = object({
  Match: optional(object({ HTTP: optional(http, 'What the request must look like.') }), 'When this route is taken; always, if absent.'),
  Destination: optional(destination, 'Where the request goes.'),
});

const schema = object({
  Routes: optional(list(route), 'Routes; the first that matches counts. What none matches goes to the service itself.'),
});

export type ServiceRouter = EntryBase & Decoded<typeof schema>;
export type ServiceRoute = Decoded<typeof route>;
export type HttpMatch = Decoded<typeof http>;
export type RouteDestination = Decoded<typeof destination>;
/** For what shows a route: `fieldsToJson`. */
export const routeSchema = route;

export const serviceRouter: EntryKind<ServiceRouter> = {
  kind: 'service-router',
  schema,
  normalize: (entry) => {
    const routes = entry.Routes?.map(upperCaseMethods);
    return canonicalEntry({ ...entry, ...(routes ? { Routes: routes } : {}) }, schema);
  },
  validate: (entry) => [
    ...(entry.Name === '' ? [problem('alone', 'Name', 'Name is required')] : []),
    ...validateMeta(entry),
    ...(entry.Routes ?? []).flatMap(validateRoute),
    ...cautionRoutes(entry.Routes ?? []),
  ],
  references: (entry) => {
    const services = (entry.Routes ?? []).map(({ Destination }) => Destination?.Service || entry.Name);
    return [...new Set([entry.Name, ...services])].map((service) => ({ service }));
  },
};

/** The first that matches counts. */
function cautionRoutes(routes: readonly ServiceRoute[]): Problem[] {
  const matches = routes.map(({ Match }) => Match?.HTTP ?? {});
  return shadowedIn(matches).map(({ index, by }) => {
    const what = coversAll(matches[by]!) ? 'matches every request' : 'comes first and matches all that it does';
    const hint = 'put the narrower one first, or leave it out';
    return caution(`Routes[${index}]`, `Routes[${index}] is never taken: Routes[${by}] ${what}`, { hint });
  });
}

function upperCaseMethods(one: ServiceRoute): ServiceRoute {
  const methods = one.Match?.HTTP?.Methods?.map((method) => method.toUpperCase());
  return methods ? { ...one, Match: { HTTP: { ...one.Match!.HTTP, Methods: methods } } } : one;
}
