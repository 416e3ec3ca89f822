import type { Result } from './result.ts';

/** How an expression is applied. */
export interface Re2Options {
  /** It must match the whole text, as Envoy's matchers ask; otherwise anywhere in it, as Go's `MatchString`. */
  readonly whole?: boolean;
  readonly ignoreCase?: boolean;
}

/**
 * An expression in the syntax of RE2 (Go, Envoy), as one of JavaScript. What RE2 does not have, look-around and
 * back-references, is refused, and so is the little that JavaScript lacks: flags in the middle, ungreedy mode.
 */
export function compileRe2(text: string, options: Re2Options = {}): Result<RegExp, string> {
  const translation = new Translation(text);
  try {
    const source = translation.run();
    if (options.ignoreCase) translation.flags.add('i');
    const flags = ['u', ...translation.flags].join('');
    return { ok: true, value: new RegExp(options.whole ? `${TEXT_START}(?:${source})${TEXT_END}` : source, flags) };
  } catch (error) {
    const why = error instanceof Refused ? error.message : engineText(error);
    return { ok: false, error: `error parsing regexp: ${why}` };
  }
}

class Refused extends Error {}

const TEXT_START = '(?<![\\s\\S])';
const TEXT_END = '(?![\\s\\S])';
/** RE2: more repetitions than this are refused. */
const MAX_REPEAT = 1000;
const SYNTAX = /[$()*+./?[\\\]^{|}]/;
/** RE2's are ASCII; JavaScript's `\s` is not. */
const SPACE = '\\t\\n\\f\\r ';
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

class Translation {
  readonly flags = new Set<string>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): string {
    let out = '';
    while (this.#at < this.#text.length) out += this.#next();
    return out;
  }

  #next(): string {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith('\\Q')) return this.#quoted(rest);
    if (rest[0] === '\\') return this.#escape(false);
    if (rest[0] === '[') return this.#class();
    if (rest.startsWith('(?')) return this.#group(rest);
    if (rest[0] === '{') return this.#repeat(rest);
    this.#at += 1;
    return rest[0] === '}' || rest[0] === ']' ? `\\${rest[0]}` : rest[0]!;
  }

  /** `\Q…\E`: literally. */
  #quoted(rest: string): string {
    const end = rest.indexOf('\\E', 2);
    const literal = rest.slice(2, end === -1 ? undefined : end);
    this.#at += end === -1 ? rest.length : end + 2;
    return Array.from(literal, escapeLiteral).join('');
  }

  #group(rest: string): string {
    const open = /^\(\?(?::|P?<([A-Za-z_]\w*)>)/.exec(rest);
    if (open) {
      this.#at += open[0].length;
      return open[1] === undefined ? '(?:' : `(?<${open[1]}>`;
    }
    const flags = /^\(\?([ims]+)\)/.exec(rest);
    if (!flags || this.#at > 0) throw new Refused(`invalid or unsupported Perl syntax: \`${rest.slice(0, 4)}\``);
    for (const flag of flags[1]!) this.flags.add(flag);
    this.#at += flags[0].length;
    return '';
  }

  /** A brace that begins no repetition is itself. */
  #repeat(rest: string): string {
    const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
    this.#at += counts?.[0].length ?? 1;
    if (!counts) return '\\{';
    if (Math.max(Number(counts[1]), Number(counts[2] ?? 0)) > MAX_REPEAT) throw new Refused(`invalid repeat count: \`${counts[0]}\``);
    return counts[0];
  }

  #class(): string {
    const start = this.#at;
    const negated = this.#text[start + 1] === '^';
    this.#at += negated ? 2 : 1;
    let out = negated ? '[^' : '[';
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      const rest = this.#text.slice(this.#at);
      if (rest === '') throw new Refused(`missing closing ]: \`${this.#text.slice(start)}\``);
      const posix = /^\[:(\w+):\]/.exec(rest);
      if (rest[0] === '\\') out += this.#escape(true);
      else if (posix) {
        const set = POSIX[posix[1]!];
        if (set === undefined) throw new Refused(`invalid character class range: \`${posix[0]}\``);
        out += set;
        this.#at += posix[0].length;
      } else {
        const literal = String.fromCodePoint(rest.codePointAt(0)!);
        out += literal === ']' || literal === '[' ? `\\${literal}` : literal;
        this.#at += literal.length;
      }
    }
    this.#at += 1;
    return `${out}]`;
  }

  #escape(inClass: boolean): string {
    const rest = this.#text.slice(this.#at);
    const taken = /^\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[0-7]{2,3}|0|[pP]\{\^?\w+\}|[pP][A-Z]|[\s\S]?)/u.exec(rest)![0];
    this.#at += taken.length;
    const body = taken.slice(1);
    if (body === '') throw new Refused('trailing backslash at end of expression: ``');
    if (body.startsWith('x')) return codePoint(body.replace(/[x{}]/g, ''), 16, taken);
    if (/^[0-7]+$/.test(body) && (body.length > 1 || body === '0')) return codePoint(body, 8, taken);
    if (/^[pP]./.test(body)) return property(body);
    if (body === 's') return inClass ? SPACE : `[${SPACE}]`;
    if (body === 'S' && !inClass) return `[^${SPACE}]`;
    if (body === 'a') return '\\x07';
    if (!inClass && body === 'A') return TEXT_START;
    if (!inClass && body === 'z') return TEXT_END;
    if ((inClass ? /^[dDwWSfnrtv]$/ : /^[dDwWbBfnrtv]$/).test(body)) return taken;
    if (/^[!-/:-@[-`{-~]$/.test(body)) return body === '-' && inClass ? '\\-' : escapeLiteral(body);
    throw new Refused(`invalid escape sequence: \`${taken}\``);
  }
}

const escapeLiteral = (char: string): string => (SYNTAX.test(char) ? `\\${char}` : char);

function codePoint(digits: string, base: 8 | 16, written: string): string {
  const code = Number.parseInt(digits, base);
  if (code > 0x10ffff) throw new Refused(`invalid escape sequence: \`${written}\``);
  return `\\u{${code.toString(16)}}`;
}

/** `\pN`, `\p{Greek}`, `\p{^Lu}`: a category of one or two letters, else a script. */
function property(body: string): string {
  const name = body.slice(1).replace(/[{}^]/g, '');
  const negated = (body[0] === 'P') !== body.includes('^');
  return `\\${negated ? 'P' : 'p'}{${name.length <= 2 ? name : `Script=${name}`}}`;
}

/** V8 says `Invalid regular expression: /x(/u: Unterminated group`: the part that speaks of what the user wrote. */
function engineText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(text.lastIndexOf(': ') + 2).toLowerCase();
}
