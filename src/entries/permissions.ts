import { bool, type Decoded, list, object, optional, string } from '../schema/schema.ts';
import { HTTP_METHODS } from './http-methods.ts';
import { type Problem, problem } from './problem.ts';

/** Tokens that requests must carry. */
export const jwt = object({
  Providers: optional(
    list(
      object({
        Name: optional(string(), 'Name of a jwt-provider entry.'),
        VerifyClaims: optional(
          list(object({ Path: optional(list(string()), 'Path of the claim.'), Value: optional(string(), 'What it must be.') })),
          'Claims that must hold.',
        ),
      }),
    ),
    'Providers, one of which must have issued the token.',
  ),
});

/** One line of a list that decides by request. */
export const permission = object({
  Action: optional(string(), 'allow or deny.'),
  HTTP: optional(
    object({
      PathExact: optional(string(), 'The whole path.'),
      PathPrefix: optional(string(), 'The beginning of the path.'),
      PathRegex: optional(string(), 'An expression for the path.'),
      Header: optional(
        list(
          object({
            Name: optional(string(), 'Name of the header.'),
            Present: optional(bool(), 'It is there.'),
            Exact: optional(string(), 'Its value.'),
            Prefix: optional(string(), 'The beginning of its value.'),
            Suffix: optional(string(), 'The end of its value.'),
            Contains: optional(string(), 'A part of its value.'),
            Regex: optional(string(), 'An expression for its value.'),
            IgnoreCase: optional(bool(), 'Upper and lower case are the same; for Exact, Prefix, Suffix and Contains.'),
            Invert: optional(bool(), 'The opposite.'),
          }),
        ),
        'Headers that must match, all of them.',
      ),
      Methods: optional(list(string()), 'Methods, one of which must match.'),
    }),
    'What a request must look like.',
  ),
  JWT: optional(jwt, 'Tokens that a request must carry.'),
});

export type IntentionPermission = Decoded<typeof permission>;

type HttpPermission = NonNullable<IntentionPermission['HTTP']>;

/** Problems of the permissions of one source, in Consul's words; `path` is the source's: `Sources[0]`. */
export function validatePermissions(permissions: readonly IntentionPermission[], path: string): Problem[] {
  return permissions.flatMap((permission, i) => {
    const at = `${path}.Permissions[${i}]`;
    const found: Problem[] = [];
    const alone = (text: string, where = at): unknown => found.push(problem('alone', where, `${at}${text}`));
    if (permission.Action !== 'allow' && permission.Action !== 'deny') alone(".Action must be set to 'allow' or 'deny'", `${at}.Action`);
    found.push(...validateJwt(permission.JWT, `${at}.JWT`));
    if (!permission.HTTP) alone('.HTTP is required');
    else for (const text of validateHttp(permission.HTTP)) alone(`.HTTP${text}`, `${at}.HTTP`);
    return found;
  });
}

export function validateJwt(required: Decoded<typeof jwt> | undefined, path: string): Problem[] {
  return (required?.Providers ?? []).flatMap((provider, i) =>
    provider.Name ? [] : [problem('alone', `${path}.Providers[${i}]`, 'JWT provider name is required')],
  );
}

function validateHttp(http: HttpPermission): string[] {
  const wrong: string[] = [];
  const paths = [http.PathExact, http.PathPrefix, http.PathRegex].filter((path) => path !== undefined);
  for (const field of ['PathExact', 'PathPrefix'] as const) {
    const path = http[field];
    if (path !== undefined && !path.startsWith('/')) wrong.push(`.${field} doesn't start with '/': ${JSON.stringify(path)}`);
  }
  if (paths.length > 1) wrong.push(' should only contain at most one of PathExact, PathPrefix, or PathRegex');
  (http.Header ?? []).forEach((header, i) => {
    if (!header.Name) wrong.push(`.Header[${i}] missing required Name field`);
    const { Present, Exact, Prefix, Suffix, Contains, Regex, IgnoreCase } = header;
    const ways = [Present, Exact, Prefix, Suffix, Contains, Regex].filter((way) => way !== undefined);
    const all = Contains ? 'Present, Exact, Prefix, Suffix, Contains, or Regex' : 'Present, Exact, Prefix, Suffix, or Regex';
    if (ways.length !== 1) wrong.push(`.Header[${i}] should only contain one of ${all}`);
    if (IgnoreCase && (Present || Regex))
      wrong.push(`.Header[${i}] should set one of Exact, Prefix, Suffix, or Contains when using IgnoreCase`);
  });
  const seen = new Set<string>();
  for (const method of http.Methods ?? []) {
    if (!HTTP_METHODS.has(method)) wrong.push(`.Methods contains an invalid method ${JSON.stringify(method)}`);
    if (seen.has(method)) wrong.push(`.Methods contains ${JSON.stringify(method)} more than once`);
    seen.add(method);
  }
  if (paths.length === 0 && !http.Header && !http.Methods) wrong.push(' should not be empty');
  return wrong;
}
