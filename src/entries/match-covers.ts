/** What permissions of intentions and routes of routers have in common. All that are present must hold. */
export interface RequestMatch {
  readonly PathExact?: string | undefined;
  readonly PathPrefix?: string | undefined;
  readonly PathRegex?: string | undefined;
  readonly CaseInsensitive?: boolean | undefined;
  readonly Header?: readonly object[] | undefined;
  readonly QueryParam?: readonly object[] | undefined;
  readonly Methods?: readonly string[] | undefined;
}

/**
 * Whether `first` matches each request that `second` matches. Only what is plain to see counts: two expressions are compared by
 * their text, headers and query parameters by what they say.
 */
export function covers(first: RequestMatch, second: RequestMatch): boolean {
  return (
    coversPath(first, second) &&
    coversMethods(first.Methods, second.Methods) &&
    demands(second.Header, first.Header) &&
    demands(second.QueryParam, first.QueryParam)
  );
}

/** Whether it matches every request. */
export const coversAll = (match: RequestMatch): boolean => covers(match, {});

function coversPath(first: RequestMatch, second: RequestMatch): boolean {
  // An empty text is none.
  if (first.PathPrefix === '/' || !(first.PathExact || first.PathPrefix || first.PathRegex)) return true;
  if (second.CaseInsensitive && !first.CaseInsensitive) return false;
  const cased = (path: string | undefined): string | undefined => (first.CaseInsensitive ? path?.toLowerCase() : path);
  if (first.PathRegex) return first.PathRegex === second.PathRegex;
  if (first.PathExact) return cased(first.PathExact) === cased(second.PathExact);
  return cased(second.PathExact || second.PathPrefix)?.startsWith(cased(first.PathPrefix)!) ?? false;
}

function coversMethods(first: readonly string[] | undefined, second: readonly string[] | undefined): boolean {
  return !first?.length || (second?.length ? second.every((method) => first.includes(method)) : false);
}

/** Whether all conditions of `asked` are among those of `given`. */
function demands(given: readonly object[] = [], asked: readonly object[] = []): boolean {
  const said = new Set(given.map((one) => JSON.stringify(one)));
  return asked.every((one) => said.has(JSON.stringify(one)));
}

/** What is never reached in a list of which the first that matches counts: its index, and that of the one before it. */
export function shadowedIn(matches: readonly RequestMatch[]): { readonly index: number; readonly by: number }[] {
  return matches.flatMap((match, index) => {
    const by = matches.slice(0, index).findIndex((earlier) => covers(earlier, match));
    return by === -1 ? [] : [{ index, by }];
  });
}
