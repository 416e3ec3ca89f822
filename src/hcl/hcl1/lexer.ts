import { BYTE_ORDER_MARK, characterAt, endOfLine, isAsciiLetter, isDecimal, NEWLINE, QUOTE, RETURN } from '../chars.ts';
import type { Reporter } from '../report.ts';
import { readHeredoc } from './heredoc.ts';
import { readString } from './string.ts';
import type { Problem, ScanError, Taken, Token, TokenType } from './token.ts';

export interface Lexed {
  /** Ends with one `eof`. */
  readonly tokens: readonly Token[];
  readonly scanErrors: readonly ScanError[];
}

/** Splits Consul's HCL into tokens. Never throws; every character is consumed once. */
export function lexHcl1(reporter: Reporter): Lexed {
  const lexer = new Lexer(reporter);
  lexer.run();
  return { tokens: lexer.tokens, scanErrors: lexer.scanErrors };
}

/** Each search for an end that is missing reads to the end of the file: a few are worth it, thousands would take minutes. */
const MAX_SEARCHES = 5;

const PUNCTUATION = '[]{},=+-.';

class Lexer {
  readonly tokens: Token[] = [];
  readonly scanErrors: ScanError[] = [];
  readonly #reporter: Reporter;
  readonly #text: string;
  #at = 0;
  #first = true;
  #searches = 0;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#text = reporter.source.text;
  }

  run(): void {
    const text = this.#text;
    // HCL 1.0.0 refuses a byte order mark; editors on Windows write it and nobody sees it, so it is skipped.
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.#at = 1;
    while (this.#at < text.length) this.#next(text.charCodeAt(this.#at));
    this.#push('eof', text.length, '');
  }

  #next(code: number): void {
    const text = this.#text;
    const start = this.#at;
    if (code === NEWLINE) {
      this.#first = true;
      this.#at++;
    } else if (code === 32 || code === 9 || code === RETURN) this.#at++;
    else if (code === 35) this.#endComment(endOfLine(text, start));
    else if (code === 47) this.#slash();
    else if (code === QUOTE) this.#take('string', readString(text, start));
    else if (code === 60) this.#take('heredoc', readHeredoc(text, start));
    else if (isDecimal(code) || ((code === 45 || code === 46) && isDecimal(text.charCodeAt(start + 1)))) this.#number();
    else if (isLetter(text, start)) this.#identifier();
    else if (PUNCTUATION.includes(text[start]!)) this.#push(text[start] as TokenType, start + 1);
    else this.#illegal();
  }

  #slash(): void {
    const text = this.#text;
    const start = this.#at;
    const next = text[start + 1];
    if (next === '/') this.#endComment(endOfLine(text, start));
    else if (next === '*') {
      const end = text.indexOf('*/', start + 2);
      if (end === -1) {
        this.#at = text.length;
        this.#report({
          span: { start, end: start + 2 },
          summary: 'this comment is never closed',
          why: { hint: 'end it with */' },
          scan: { message: 'comment not terminated', offset: text.length, final: true },
        });
      } else {
        if (text.slice(start, end).includes('\n')) this.#first = true;
        this.#endComment(end + 2);
      }
    } else {
      this.#scanError("expected '/' for comment", start);
      this.#push('comment', start + 1);
    }
  }

  /** HCL 1 refuses null characters in comments too. */
  #endComment(end: number): void {
    const at = this.#text.slice(this.#at, end).indexOf('\0');
    if (at !== -1) this.#null(this.#at + at, false);
    this.#at = end;
  }

  #null(offset: number, final: boolean): void {
    this.#report({
      span: { start: offset, end: offset + 1 },
      summary: 'a null character (U+0000) has no place in configuration',
      scan: { message: 'unexpected null character (0x00)', offset, final },
    });
  }

  #number(): void {
    const text = this.#text;
    const match = /-?(?:0[xX][0-9a-fA-F]*|\d*(?:\.\d*)?(?:[eE][+-]?\d*)?)/y;
    match.lastIndex = this.#at;
    const raw = match.exec(text)?.[0] ?? text[this.#at]!;
    const end = this.#at + raw.length;
    if (/^-?0[xX]$/.test(raw)) this.#scanError('illegal hexadecimal number', end);
    else if (/^-?0\d+$/.test(raw) && /[89]/.test(raw.replace(/^-?0\d/, ''))) this.#scanError('illegal octal number', end);
    this.#push(/^-?0[xX]/.test(raw) || !/[.eE]/.test(raw) ? 'number' : 'float', end);
  }

  #identifier(): void {
    const text = this.#text;
    let at = this.#at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 45 || code === 46 || isDecimal(code)) at++;
      else if (isLetter(text, at) || (code >= 128 && /^\p{Nd}/u.test(characterAt(text, at)))) at += characterAt(text, at).length;
      else break;
    }
    const word = text.slice(this.#at, at);
    this.#push(word === 'true' || word === 'false' ? 'bool' : 'ident', at);
  }

  #illegal(): void {
    const character = characterAt(this.#text, this.#at);
    const end = this.#at + character.length;
    if (character === '\0') {
      this.#null(this.#at, true);
      this.#at = end;
      return;
    }
    this.#scanError('illegal char', this.#at);
    this.#push('illegal', end);
  }

  #take(type: TokenType, taken: Taken): void {
    for (const problem of taken.problems) {
      this.#report(problem);
      if (problem.scan.final || type === 'heredoc') this.#searches++;
      if (problem.scan.message === 'literal not terminated') this.#reporter.lose(this.#text.slice(this.#at, taken.end));
    }
    this.#push(type, taken.end, taken.value);
    if (this.#searches > MAX_SEARCHES) this.#at = this.#text.length;
  }

  #push(type: TokenType, end: number, value = this.#text.slice(this.#at, end)): void {
    this.tokens.push({ type, start: this.#at, end, value, first: this.#first });
    this.#first = false;
    this.#at = end;
  }

  #report(problem: Problem): void {
    this.#reporter.error(problem.span, problem.summary, problem.why);
    this.#scanError(problem.scan.message, problem.scan.offset, problem.scan.final);
  }

  #scanError(message: string, offset: number, final = false): void {
    this.scanErrors.push({ message, offset, token: this.tokens.length, final });
  }
}

/** First character of a key. HCL 1: `[letter_]`, with letters of any script. */
function isLetter(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return isAsciiLetter(code) || code === 95 || (code >= 128 && /^\p{L}/u.test(characterAt(text, offset)));
}
