import { compileRe2 } from '../../base/re2.ts';
import { bool, type Decoded, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { nullable } from '../fields.ts';
import { HTTP_METHODS } from '../http-methods.ts';

/** What a request must look like. */
export const httpMatch = object({
  Headers: nullable(
    list(
      object({
        Match: withDefault(string(), '', 'exact, prefix, suffix, present or regex.'),
        Name: withDefault(string(), '', 'Name of the header, in any case.'),
        Value: withDefault(string(), '', 'What to compare its value with.'),
        Invert: optional(bool(), 'The opposite.'),
      }),
    ),
    'Headers that must match, all of them.',
  ),
  Method: withDefault(string(), '', 'The method; empty: any.'),
  Path: withDefault(
    object({
      Match: withDefault(string(), '', 'exact, prefix or regex.'),
      Value: withDefault(string(), '', 'What to compare the path with.'),
    }),
    { Match: 'prefix', Value: '/' },
    'The path; any by default.',
  ),
  Query: nullable(
    list(
      object({
        Match: withDefault(string(), '', 'exact, present or regex.'),
        Name: withDefault(string(), '', 'Name of the query parameter.'),
        Value: withDefault(string(), '', 'What to compare its value with.'),
      }),
    ),
    'Query parameters that must match, all of them.',
  ),
});

export type HttpMatch = Decoded<typeof httpMatch>;

export function normalHttpMatch(match: HttpMatch): HttpMatch {
  const Path = match.Path?.Match ? match.Path : { Match: 'prefix', Value: '/' };
  return { ...match, Method: (match.Method ?? '').toUpperCase(), Path };
}

/** Breaches in Consul's words, each with the field that it is about. */
export function httpMatchProblems({ Method, Path, Query = [], Headers = [] }: HttpMatch): [field: string, text: string][] {
  const wrong: [string, string][] = [];
  if (Method !== '' && !HTTP_METHODS.has(Method)) wrong.push(['Method', `Method contains an invalid method ${JSON.stringify(Method)}`]);
  Query.forEach((one, i) => {
    const at = `Query[${i}]`;
    if (one.Name === '') wrong.push([at, `${at}, missing required Name field`]);
    if (!['exact', 'present', 'regex'].includes(one.Match)) wrong.push([at, `${at}, match type should be one of present, exact, or regex`]);
    if (one.Match === 'regex') wrong.push(...badExpression(`${at}.Value`, `${at}, `, one.Value));
  });
  Headers.forEach((one, i) => {
    const at = `Headers[${i}]`;
    if (one.Name === '') wrong.push([at, `${at}, missing required Name field`]);
    if (!['exact', 'prefix', 'regex', 'suffix', 'present'].includes(one.Match)) {
      wrong.push([at, `${at}, match type should be one of present, exact, prefix, suffix, or regex`]);
    }
    if (one.Match === 'regex') wrong.push(...badExpression(`${at}.Value`, `${at}, `, one.Value));
  });
  if (Path.Match === 'regex') wrong.push(...badExpression('Path.Value', 'Path, ', Path.Value));
  else if (Path.Match !== 'exact' && Path.Match !== 'prefix') {
    wrong.push(['Path.Match', 'Path, match type should be one of exact, prefix, or regex']);
  } else if (!Path.Value.startsWith('/')) {
    wrong.push(['Path.Value', `Path, ${Path.Match} type match doesn't start with '/': ${JSON.stringify(Path.Value)}`]);
  }
  return wrong;
}

/** Consul leaves expressions to Envoy; here a bad one is refused where it is written. */
function badExpression(field: string, before: string, text: string): [field: string, text: string][] {
  const compiled = compileRe2(text, { whole: true });
  return compiled.ok ? [] : [[field, `${before}regex is not a valid expression: ${compiled.error}`]];
}
