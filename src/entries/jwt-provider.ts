import { bool, type Decoded, int, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { cautionTrust, jsonWebKeySet, keySetProblem } from './jwt-key-set.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { type Problem, problem } from './problem.ts';

const location = object({
  Header: optional(
    object({
      Name: optional(string(), 'Name of the header.'),
      ValuePrefix: optional(string(), 'What stands before the token, such as "Bearer ".'),
      Forward: optional(bool(), 'Leave the header on the request.'),
    }),
    'The token is in a header.',
  ),
  QueryParam: optional(object({ Name: optional(string(), 'Name of the parameter.') }), 'The token is in the query.'),
  Cookie: optional(object({ Name: optional(string(), 'Name of the cookie.') }), 'The token is in a cookie.'),
});

const schema = object({
  JSONWebKeySet: optional(jsonWebKeySet, 'Keys that tokens are signed with.'),
  Issuer: optional(string(), 'Who must have issued a token: its claim iss.'),
  Audiences: optional(list(string()), 'Whom a token must be for: one of these in its claim aud.'),
  Locations: optional(list(location), 'Where requests carry their token; Authorization: Bearer, and ?access_token= by default.'),
  Forwarding: optional(
    object({
      HeaderName: optional(string(), 'Header for the payload of the token.'),
      PadForwardPayloadHeader: withDefault(bool(), false, 'Pad its base64.'),
    }),
    'What the service gets to see of a token.',
  ),
  ClockSkewSeconds: optional(int(), 'How far clocks may be apart; 30 by default.'),
  CacheConfig: optional(object({ Size: optional(int(), 'How many tokens are remembered; 0: none.') }), 'Remembers tokens that were good.'),
});

export type JwtProvider = EntryBase & Decoded<typeof schema>;

const DEFAULT_CLOCK_SKEW_SECONDS = 30;

/** An issuer of tokens that intentions may ask for. */
export const jwtProvider: EntryKind<JwtProvider> = {
  kind: 'jwt-provider',
  schema,
  normalize: (entry) => canonicalEntry({ ...entry, ClockSkewSeconds: entry.ClockSkewSeconds || DEFAULT_CLOCK_SKEW_SECONDS }, schema),
  validate,
  references: () => [],
};

function validate(entry: JwtProvider): Problem[] {
  if (entry.Name === '') return [problem('alone', 'Name', 'Name is required')];
  const found = validateMeta(entry);
  const wrong = keySetProblem(entry.JSONWebKeySet);
  if (wrong) found.push(problem('alone', wrong[0], wrong[1]));
  found.push(...cautionTrust(entry.JSONWebKeySet));
  entry.Locations?.forEach((one, i) => {
    const text = locationProblem(one);
    if (text !== undefined) found.push(problem('listed', `Locations[${i}]`, text));
  });
  if (entry.Forwarding && !entry.Forwarding.HeaderName) {
    found.push(problem('alone', 'Forwarding', 'Header name required for forwarding config'));
  }
  return found;
}

function locationProblem({ Header, QueryParam, Cookie }: Decoded<typeof location>): string | undefined {
  if ([Header, QueryParam, Cookie].filter(Boolean).length !== 1)
    return 'must set exactly one of: JWT location header, query param or cookie';
  if (Header && !Header.Name) return 'JWT location header name must be specified';
  if (Cookie && !Cookie.Name) return 'JWT location cookie name must be specified';
  return QueryParam && !QueryParam.Name ? 'JWT location query param name must be specified' : undefined;
}
