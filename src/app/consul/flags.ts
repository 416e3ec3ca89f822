import { parseGoBool } from '../../base/go-parse.ts';

/**
 * Go's flag package, whose rules Consul's users type by: one dash or two, `-flag value` or `-flag=value`, switches without a
 * value, and everything from the first other word on is an argument.
 */

export type FlagKind = 'string' | 'bool' | 'uint' | 'list';

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** What the value is called in listings: `string`, `value`, `uint`; switches have none. */
  readonly value?: string;
  readonly doc: string;
}

export interface FlagValues {
  /** Undefined when the flag is not given. */
  string(name: string): string | undefined;
  bool(name: string): boolean;
  /** 0 when not given. */
  uint(name: string): number;
  list(name: string): readonly string[];
}

export type ParsedFlags =
  | { readonly type: 'parsed'; readonly flags: FlagValues; readonly args: readonly string[] }
  /** In the words of Go's flag package. */
  | { readonly type: 'error'; readonly message: string };

export function parseFlags(known: readonly Flag[], argv: readonly string[]): ParsedFlags {
  const given = new Map<string, string[]>();
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
  }
  const last = (name: string): string | undefined => given.get(name)?.at(-1);
  const flags: FlagValues = {
    string: last,
    bool: (name) => parseGoBool(last(name) ?? '') === true,
    uint: (name) => Number(last(name) ?? 0),
    list: (name) => given.get(name) ?? [],
  };
  return { type: 'parsed', flags, args: argv.slice(at) };
}

function wrongValue({ name, kind }: Flag, value: string): string | undefined {
  if (kind === 'bool' && (value === '' || parseGoBool(value) === undefined))
    return `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`;
  if (kind === 'uint' && !/^(\d+|0[xX][0-9a-fA-F]+)$/.test(value))
    return `invalid value ${JSON.stringify(value)} for flag -${name}: parse error`;
  return undefined;
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
