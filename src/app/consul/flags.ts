import { parseDuration } from '../../base/duration.ts';
import { parseGoBool, parseGoInt } from '../../base/go-parse.ts';
import type { Completes } from '../../commands/command.ts';

/**
 * Go's flag package, whose rules Consul's users type by: one dash or two, `-flag value` or `-flag=value`, switches without a
 * value, and everything from the first other word on is an argument.
 */

export type FlagKind =
  | 'string'
  | 'bool'
  | 'uint'
  | 'int'
  /** Go's: `1m30s`. */
  | 'duration'
  /** May be given several times. */
  | 'list'
  /** `key=value`, may be given several times. */
  | 'map';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** What the value is called in listings: `string`, `value`, `uint`; switches have none. */
  readonly value?: string;
  readonly doc: string;
  /** What its value can be, where that is a few words. */
  readonly choices?: readonly string[];
  /** What a shell offers for its value. */
  readonly completes?: Completes;
  /** One of Consul's own value types, which say more of a wrong value than Go's: `strconv.ParseUint: parsing "x": invalid syntax`. */
  readonly explains?: true;
  /** What else is wrong with a value, in Consul's words. */
  check?(value: string): string | undefined;
}

export const textFlag = (name: string, doc: string, completed: Pick<Flag, 'choices' | 'completes'> = {}): Flag => ({
  name,
  kind: 'string',
  value: 'string',
  doc,
  ...completed,
});

export interface FlagValues {
  /** Undefined when the flag is not given. */
  string(name: string): string | undefined;
  bool(name: string): boolean;
  /** 0 when not given. */
  uint(name: string): number;
  /** 0 when not given. */
  int(name: string): number;
  /** Milliseconds; 0 when not given. */
  durationMs(name: string): number;
  list(name: string): readonly string[];
  /** The values of several flags, in the order in which they were typed. */
  inOrder(names: readonly string[]): readonly string[];
  /** The last value of each key, in the order in which keys were first given. */
  map(name: string): ReadonlyMap<string, string>;
}

export type ParsedFlags =
  | { readonly type: 'parsed'; readonly flags: FlagValues; readonly args: readonly string[] }
  /** In the words of Go's flag package. */
  | { readonly type: 'error'; readonly message: string };

export function parseFlags(known: readonly Flag[], argv: readonly string[]): ParsedFlags {
  const given = new Map<string, string[]>();
  const typed: (readonly [name: string, value: string])[] = [];
  const fail = (message: string): ParsedFlags => ({ type: 'error', message });
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    const body = word.replace(/^--?/, '');
    if (body === '' || body.startsWith('-') || body.startsWith('=')) return fail(`bad flag syntax: ${word}`);
    const equals = body.indexOf('=');
    const name = equals === -1 ? body : body.slice(0, equals);
    const flag = known.find((candidate) => candidate.name === name);
    if (!flag) return fail(`flag provided but not defined: -${name}`);
    let value = equals === -1 ? undefined : body.slice(equals + 1);
    if (value === undefined && flag.kind === 'bool') value = 'true';
    value ??= argv[++at];
    if (value === undefined) return fail(`flag needs an argument: -${name}`);
    const wrong = wrongValue(flag, value);
    if (wrong !== undefined) return fail(wrong);
    given.set(name, [...(given.get(name) ?? []), value]);
    typed.push([name, value]);
  }
  const last = (name: string): string | undefined => given.get(name)?.at(-1);
  const flags: FlagValues = {
    string: last,
    bool: (name) => parseGoBool(last(name) ?? '') === true,
    uint: (name) => parseGoInt(last(name) ?? '') ?? 0,
    int: (name) => parseGoInt(last(name) ?? '') ?? 0,
    durationMs: (name) => {
      const parsed = parseDuration(last(name) ?? '0');
      return parsed.ok ? parsed.ns / 1e6 : 0;
    },
    list: (name) => given.get(name) ?? [],
    inOrder: (names) => typed.flatMap(([name, value]) => (names.includes(name) ? [value] : [])),
    map: (name) => new Map((given.get(name) ?? []).map(splitPair)),
  };
  return { type: 'parsed', flags, args: argv.slice(at) };
}

function wrongValue(flag: Flag, value: string): string | undefined {
  const { name, kind, explains } = flag;
  const why = flag.check?.(value) ?? reason(kind, value);
  if (why === undefined) return undefined;
  const short = explains || kind === 'map' || flag.check ? why : 'parse error';
  if (kind === 'bool') return `invalid boolean value ${JSON.stringify(value)} for -${name}: ${short}`;
  return `invalid value ${JSON.stringify(value)} for flag -${name}: ${short}`;
}

/** Why a value is none of its kind, as Go's strconv and time say it. */
function reason(kind: FlagKind, value: string): string | undefined {
  const invalid = (parser: string): string => `strconv.${parser}: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (kind === 'bool') return value === '' || parseGoBool(value) === undefined ? invalid('ParseBool') : undefined;
  if (kind === 'int' || kind === 'uint') {
    const number = value === '' ? undefined : parseGoInt(value);
    const unsigned = kind === 'uint' && /^[+-]/.test(value);
    return number === undefined || unsigned ? invalid(kind === 'int' ? 'ParseInt' : 'ParseUint') : undefined;
  }
  if (kind === 'duration') {
    const parsed = parseDuration(value);
    return parsed.ok ? undefined : parsed.error;
  }
  return kind === 'map' && !value.includes('=') ? `Missing "=" value in argument: ${value}` : undefined;
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** What Go prints below a wrong flag: all flags by name. */
export function flagListing(known: readonly Flag[]): string {
  const rows = known
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value, doc }) => {
      return `  -${name}${value === undefined ? '' : ` ${value}`}\n    \t${doc}`;
    });
  return ['Usage:', ...rows].join('\n');
}
