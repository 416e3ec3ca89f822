import { GO_ESCAPES } from '../go-string.ts';
import { anyOf, type CharSet, foldCase, not, PERL, POSIX, range, unicodeClass } from './char-set.ts';

/** What an expression matches. Groups, their names and greed decide what is captured, not whether it matches. */
export type Node =
  | { readonly type: 'char'; readonly set: CharSet }
  | { readonly type: 'assert'; readonly at: Assertion }
  | { readonly type: 'sequence'; readonly parts: readonly Node[] }
  | { readonly type: 'choice'; readonly parts: readonly Node[] }
  | { readonly type: 'repeat'; readonly part: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  /** Counted from 1, in the order of their opening parentheses. */
  | { readonly type: 'group'; readonly part: Node; readonly index: number; readonly name: string | undefined };

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** The message is Go's: `missing closing ]: \`[a\``. */
export class Re2SyntaxError extends Error {}

const MAX_REPEAT = 1000;
const MAX_DEPTH = 250;
const EDGES: Readonly<Record<string, Assertion>> = { A: 'text-start', z: 'text-end', b: 'word-edge', B: 'no-word-edge' };
const NEWLINE = 10;
const REPETITION = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/;
const CHAR_SET = /^\\(?:([dswDSW])|([pP])(?:\{(\^?)(\w+)\}|([A-Z])))/;
const CHAR = /^\\(?:x\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2})|([afnrtv])|([!-/:-@[-`{-~]))/;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  /** Swaps greedy and lazy. */
  readonly U: boolean;
}

export function parseRe2(text: string, ignoreCase: boolean): Node {
  return new Parser(text, { i: ignoreCase, m: false, s: false, U: false }).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #flags: Flags;
  #depth = 0;
  #groups = 0;

  constructor(text: string, flags: Flags) {
    this.#text = text;
    this.#flags = flags;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new Re2SyntaxError(`unexpected ): \`${this.#text}\``);
    return node;
  }

  get #rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Up to the end of the group. */
  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) throw new Re2SyntaxError(`expression nests too deeply: \`${this.#text}\``);
    const parts = [this.#sequence()];
    while (this.#accept('|')) parts.push(this.#sequence());
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { type: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#text.length && !/^[|)]/.test(this.#rest)) {
      if (this.#accept('\\Q')) parts.push(...this.#quoted());
      else {
        const part = this.#atom();
        if (part) parts.push(this.#repeated(part));
      }
    }
    return { type: 'sequence', parts };
  }

  #quoted(): Node[] {
    const end = this.#text.indexOf('\\E', this.#at);
    const literal = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 2;
    const parts = Array.from(literal, (char) => this.#literal(char.codePointAt(0)!));
    const last = parts.pop();
    return last ? [...parts, this.#repeated(last)] : [];
  }

  /** Undefined for `(?i)`, which is nothing itself. */
  #atom(): Node | undefined {
    const char = this.#text[this.#at]!;
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new Re2SyntaxError(`missing argument to repetition operator: \`${char}\``);
      case '.':
        this.#at++;
        return { type: 'char', set: this.#flags.s ? () => true : (other) => other !== NEWLINE };
      case '^':
        this.#at++;
        return { type: 'assert', at: this.#flags.m ? 'line-start' : 'text-start' };
      case '$':
        this.#at++;
        return { type: 'assert', at: this.#flags.m ? 'line-end' : 'text-end' };
      default:
        return this.#literal(this.#char());
    }
  }

  #literal(char: number): Node {
    return { type: 'char', set: this.#folded(range(char, char)) };
  }

  #folded(set: CharSet): CharSet {
    return this.#flags.i ? foldCase(set) : set;
  }

  #repeated(part: Node): Node {
    const operator = REPETITION.exec(this.#rest);
    if (!operator) return part;
    const start = this.#at;
    this.#at += operator[0].length;
    const [written, low, comma, high] = operator;
    const min = low === undefined ? (written[0] === '+' ? 1 : 0) : Number(low);
    const open = low === undefined ? written[0] !== '?' : comma !== undefined && high === '';
    const max = open ? Number.POSITIVE_INFINITY : low === undefined ? 1 : Number(high ?? low);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT) || min > max)
      throw new Re2SyntaxError(`invalid repeat count: \`${written}\``);
    const second = REPETITION.exec(this.#rest);
    if (second) throw new Re2SyntaxError(`invalid nested repetition operator: \`${this.#text.slice(start, this.#at + second[0].length)}\``);
    const marked = written.length > 1 && written.endsWith('?');
    return { type: 'repeat', part, min, max, lazy: marked !== this.#flags.U };
  }

  #group(): Node | undefined {
    const named = /^\(\?P?<([^>]*)>?/.exec(this.#rest);
    if (named && !/^\(\?P?<\w+>/.test(named[0])) throw new Re2SyntaxError(`invalid named capture: \`${named[0]}\``);
    const flags = named ? null : /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(this.#rest);
    const outer = this.#flags;
    if (flags) {
      this.#setFlags(flags[1]!, true, flags[0]);
      this.#setFlags(flags[2] ?? '', false, flags[0]);
    } else if (!named && this.#rest.startsWith('(?')) {
      throw new Re2SyntaxError(`invalid or unsupported Perl syntax: \`${this.#rest.slice(0, 3)}\``);
    }
    this.#at += (named ?? flags)?.[0].length ?? 1;
    if (flags?.[3] === ')') return undefined;
    const index = flags ? undefined : ++this.#groups;
    const node = this.#choice();
    this.#flags = outer;
    if (!this.#accept(')')) throw new Re2SyntaxError(`missing closing ): \`${this.#text}\``);
    return index === undefined ? node : { type: 'group', part: node, index, name: named?.[1] };
  }

  #setFlags(names: string, on: boolean, written: string): void {
    for (const name of names) {
      if (!'imsU'.includes(name)) throw new Re2SyntaxError(`invalid or unsupported Perl syntax: \`${written}\``);
      this.#flags = { ...this.#flags, [name]: on };
    }
  }

  #class(): Node {
    const start = this.#at;
    this.#at++;
    const negated = this.#accept('^');
    const sets: CharSet[] = [];
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw new Re2SyntaxError(`missing closing ]: \`${this.#text.slice(start)}\``);
      sets.push(this.#posixClass() ?? this.#setEscape() ?? this.#classRange());
    }
    this.#at++;
    const set = this.#folded(anyOf(sets));
    return { type: 'char', set: negated ? not(set) : set };
  }

  #posixClass(): CharSet | undefined {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.#rest);
    if (!posix) return undefined;
    const set = POSIX[posix[2]!];
    if (!set) throw new Re2SyntaxError(`invalid character class range: \`${posix[0]}\``);
    this.#at += posix[0].length;
    return posix[1] === '^' ? not(set) : set;
  }

  #classRange(): CharSet {
    const start = this.#at;
    const low = this.#text[this.#at] === '\\' ? this.#escapedChar() : this.#char();
    if (!/^-[^\]]/.test(this.#rest)) return range(low, low);
    this.#at++;
    const high = this.#text[this.#at] === '\\' ? this.#escapedChar() : this.#char();
    if (high < low) throw new Re2SyntaxError(`invalid character class range: \`${this.#text.slice(start, this.#at)}\``);
    return range(low, high);
  }

  #escape(): Node {
    const at = EDGES[this.#text[this.#at + 1] ?? ''];
    if (at) {
      this.#at += 2;
      return { type: 'assert', at };
    }
    const set = this.#setEscape();
    return set ? { type: 'char', set: this.#folded(set) } : this.#literal(this.#escapedChar());
  }

  /** `\d`, `\pL`, `\P{Greek}`. */
  #setEscape(): CharSet | undefined {
    const found = CHAR_SET.exec(this.#rest);
    if (!found) return undefined;
    const [written, perl, property, caret, name, letter] = found;
    const set = perl ? PERL[perl.toLowerCase()] : unicodeClass(name ?? letter!);
    if (!set) throw new Re2SyntaxError(`invalid character class range: \`${written}\``);
    this.#at += written.length;
    const negated = perl ? perl < 'a' : (property === 'P') !== (caret === '^');
    return negated ? not(set) : set;
  }

  #escapedChar(): number {
    const [written, long, short, octal, control, punctuation] = CHAR.exec(this.#rest) ?? [];
    if (this.#rest === '\\') throw new Re2SyntaxError('trailing backslash at end of expression: ``');
    const hex = long ?? short;
    const char = hex
      ? Number.parseInt(hex, 16)
      : octal
        ? Number.parseInt(octal, 8)
        : control
          ? GO_ESCAPES[control]!.charCodeAt(0)
          : punctuation?.codePointAt(0);
    if (char === undefined || char > 0x10ffff)
      throw new Re2SyntaxError(`invalid escape sequence: \`${written ?? this.#text.slice(this.#at, this.#at + 2)}\``);
    this.#at += written!.length;
    return char;
  }

  #char(): number {
    const char = this.#text.codePointAt(this.#at)!;
    this.#at += char > 0xffff ? 2 : 1;
    return char;
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}
