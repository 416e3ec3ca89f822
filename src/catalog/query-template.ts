import { compileFinder, type Finder } from '../base/re2/find.ts';
import type { Result } from '../base/result.ts';
import type { PreparedQuery, ServiceQuery } from './prepared-queries.ts';

type Template = Pick<PreparedQuery, 'Name' | 'Template' | 'Service'>;

/** Whether a template makes sense; the error is Consul's. */
export function compileTemplate(query: Template): Result<Finder | undefined, string> {
  const { Type, Regexp } = query.Template;
  if (Type !== 'name_prefix_match') return { ok: false, error: `Bad Template.Type '${Type}'` };
  const finder = Regexp === '' ? undefined : compileFinder(Regexp);
  if (finder?.ok === false) return { ok: false, error: `Bad Regexp: ${finder.error}` };
  try {
    eachText(query.Service, 'Service', (text, at) => interpolate(text, at, valuesOf(query, '', finder?.value)));
  } catch (error) {
    if (error instanceof BadTemplate) return { ok: false, error: error.message };
    throw error;
  }
  return { ok: true, value: finder?.value };
}

/** The query that a template is for a name. It was compiled when it was stored. */
export function renderTemplate(query: PreparedQuery, name: string): PreparedQuery | undefined {
  const compiled = compileTemplate(query);
  if (!compiled.ok) return undefined;
  const values = valuesOf(query, name, compiled.value);
  const Service = eachText(query.Service, 'Service', (text, at) => interpolate(text, at, values));
  const Tags = query.Template.RemoveEmptyTags ? (Service.Tags?.filter((tag) => tag !== '') ?? null) : Service.Tags;
  return { ...query, Service: { ...Service, Tags } };
}

/** Ends the work on a template; never seen outside of this file. */
class BadTemplate extends Error {}

/** What `${…}` can name. */
interface Values {
  readonly variables: ReadonlyMap<string, string>;
  /** Of the expression in the name; without an expression there are none. */
  readonly matches: readonly string[];
}

function valuesOf({ Name }: Template, name: string, finder: Finder | undefined): Values {
  const at = finder?.find(name) ?? [];
  const matches = Array.from({ length: at.length / 2 }, (_, i) => (at[2 * i]! < 0 ? '' : name.slice(at[2 * i], at[2 * i + 1])));
  const variables = new Map([
    ['name.full', name],
    ['name.prefix', Name],
    ['name.suffix', name.slice(Name.length)],
    // Network segments are Consul Enterprise's.
    ['agent.segment', ''],
  ]);
  return { variables, matches };
}

/** A copy in which every text was put through `map`; `at` is its place as Go writes it. */
function eachText(value: ServiceQuery, at: string, map: (text: string, at: string) => string): ServiceQuery;
function eachText(value: unknown, at: string, map: (text: string, at: string) => string): unknown;
function eachText(value: unknown, at: string, map: (text: string, at: string) => string): unknown {
  if (typeof value === 'string') return map(value, at);
  if (Array.isArray(value)) return value.map((item, i) => eachText(item, `${at}[${i}]`, map));
  if (typeof value !== 'object' || value === null) return value;
  const isMap = at.endsWith('Meta');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, eachText(item, isMap ? `${at}[${key}]` : `${at}.${key}`, map)]),
  );
}

const EXPRESSION = /^\s*(?:([A-Za-z_][\w.]*)|([A-Za-z_][\w.]*)\(([^()]*)\))\s*$/;

/** HIL, as far as there is something to name: `${name.full}`, `${match(1)}`, and `$${` for a plain `${`. */
function interpolate(text: string, at: string, values: Values): string {
  let done = '';
  for (let from = 0; ; ) {
    const open = text.indexOf('${', from);
    if (open === -1) return done + text.slice(from);
    if (text[open - 1] === '$') {
      done += `${text.slice(from, open - 1)}\${`;
      from = open + 2;
      continue;
    }
    const close = text.indexOf('}', open);
    const parts = close === -1 ? null : EXPRESSION.exec(text.slice(open + 2, close));
    if (!parts) throw new BadTemplate(`Bad format '${text}' in ${at}: parse error: syntax error`);
    const bad = (column: number, why: string) => new BadTemplate(`Bad evaluation for '${text}' in ${at}: 1:${column}: ${why}`);
    done += text.slice(from, open) + evaluate(parts, values, (within, why) => bad(open + 3 + within, why));
    from = close + 1;
  }
}

function evaluate(parts: RegExpExecArray, { variables, matches }: Values, bad: (within: number, why: string) => BadTemplate): string {
  const [whole, variable, name, given = ''] = parts;
  const within = whole.length - whole.trimStart().length;
  if (variable !== undefined) {
    const value = variables.get(variable);
    if (value === undefined) throw bad(within, `unknown variable accessed: ${variable}`);
    return value;
  }
  if (name !== 'match') throw bad(within, `unknown function called: ${name}`);
  const args = given.trim() === '' ? [] : given.split(',').map((arg) => arg.trim());
  const [index = ''] = args;
  if (args.length !== 1) throw bad(within, `match: expected 1 arguments, got ${args.length}`);
  if (!/^\d+$/.test(index)) throw bad(within + 'match('.length, `unknown variable accessed: ${index}`);
  return matches[Number(index)] ?? '';
}
