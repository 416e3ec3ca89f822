import { BYTE_ORDER_MARK, characterAt, endOfLine, isAsciiLetter, isDecimal, NEWLINE, QUOTE, RETURN } from '../chars.ts';
import { MAX_NESTING, type Reporter, type Span } from '../report.ts';
import { resumeAfter } from '../resume.ts';
import { readTemplateText } from './template-text.ts';
import { punctuationAt, type Token, type TokenType } from './token.ts';

/** Splits HCL 2 into tokens, the last of which is `eof`. Never throws; reports what is not closed at its opening mark. */
export function lexHcl2(reporter: Reporter): readonly Token[] {
  const lexer = new Lexer(reporter);
  lexer.run();
  return lexer.tokens;
}

/** Each retry after something unclosed reads to the end of the file: a few are worth it, thousands would take minutes. */
const MAX_RETRIES = 5;

const BLANKS = /[ \t]+/y;
const ASCII_WORD = /[A-Za-z_][\w-]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** How reading a template ended: `broken` means that the outermost template around it has to be given up. */
type Ending = 'closed' | 'broken';

class Lexer {
  readonly tokens: Token[] = [];
  readonly #reporter: Reporter;
  readonly #text: string;
  #at = 0;
  /** Templates and interpolations that are open. */
  #depth = 0;
  #retries = 0;
  /** Of the heredoc that is being read. */
  #marker: string | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#text = reporter.source.text;
  }

  run(): void {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK) this.#at = 1;
    this.#code(undefined);
    this.#push('eof', this.#text.length, '');
  }

  /** Reads outside of string literals, up to the `}` that ends the interpolation `opener`, or to the end of the file. */
  #code(opener: Span | undefined): Ending {
    const text = this.#text;
    let braces = 0;
    while (this.#at < text.length) {
      const start = this.#at;
      const code = text.charCodeAt(start);
      if (code === 32 || code === 9) {
        BLANKS.lastIndex = start;
        BLANKS.test(text);
        this.#at = BLANKS.lastIndex;
      } else if (isAsciiLetter(code)) this.#identifier();
      else if (code === NEWLINE) {
        this.#push('newline', start + 1);
        if (opener && this.#marker !== undefined && isMarkerLine(text, this.#at, this.#marker)) break;
      } else if (code === RETURN && text.charCodeAt(start + 1) === NEWLINE) this.#push('newline', start + 2);
      else if (code === 35 || text.startsWith('//', start)) this.#at = endOfLine(text, start);
      else if (text.startsWith('/*', start)) this.#comment();
      else if (code === QUOTE) {
        if (this.#template(start, opener) === 'broken' && opener) return 'broken';
      } else if (text.startsWith('<<', start) && /^<<-?[\p{L}_]/u.test(text.slice(start, start + 5))) {
        if (this.#heredoc(start) === 'broken' && opener) return 'broken';
      } else if (text.startsWith('<<', start)) this.#badHeredoc(start);
      else if (isDecimal(code)) this.#number();
      else if (isIdentStart(text, start)) this.#identifier();
      else if (opener && braces === 0 && (code === 125 || text.startsWith('~}', start))) {
        this.#push('template-end', code === 125 ? start + 1 : start + 2, undefined, code !== 125);
        return 'closed';
      } else {
        if (code === 123) braces++;
        else if (code === 125) braces--;
        this.#punctuation();
      }
    }
    if (opener) this.#reportUnclosed(opener);
    return opener ? 'broken' : 'closed';
  }

  #reportUnclosed(opener: Span): void {
    this.#reporter.error(opener, `this ${this.#text.slice(opener.start, opener.end)} is never closed`, { hint: 'close it with }' });
  }

  #comment(): void {
    const end = this.#text.indexOf('*/', this.#at + 2);
    if (end === -1) {
      this.#reporter.error({ start: this.#at, end: this.#at + 2 }, 'this comment is never closed', { hint: 'end it with */' });
      this.#reporter.loseStructure();
    }
    this.#at = end === -1 ? this.#text.length : end + 2;
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    NUMBER.test(this.#text);
    this.#push('number', NUMBER.lastIndex);
  }

  #identifier(): void {
    // Nearly always all of it.
    ASCII_WORD.lastIndex = this.#at;
    let end = ASCII_WORD.test(this.#text) ? ASCII_WORD.lastIndex : this.#at;
    while (end < this.#text.length && isIdentPart(this.#text, end)) end += characterAt(this.#text, end).length;
    this.#push('ident', end);
  }

  #punctuation(): void {
    const found = punctuationAt(this.#text, this.#at);
    if (found) this.#push(found, this.#at + found.length);
    else this.#push('illegal', this.#at + characterAt(this.#text, this.#at).length);
  }

  /** A quoted string. One that is not closed ends with its line, so that the lines below are still read. */
  #template(start: number, inside: Span | undefined): Ending {
    const mark = this.tokens.length;
    this.#push('quote', start + 1);
    const ending = this.#enter(() => this.#quoted(start, inside));
    if (ending === 'broken' && !inside) {
      // The tokens of a broken string would only cause more errors: an empty string takes their place.
      this.tokens.length = mark + 1;
      const label = this.#unclosedLabel(start);
      if (label !== undefined) {
        this.#at = start + 1;
        this.#push('text', this.#at + label.length);
        this.#push('quote-end', this.#at, '');
        return ending;
      }
      this.#at = ++this.#retries > MAX_RETRIES ? this.#text.length : Math.max(start + 1, endOfLine(this.#text, start));
      this.#push('quote-end', this.#at, '');
    }
    return ending;
  }

  #quoted(start: number, inside: Span | undefined): Ending {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#push('quote-end', this.#at + 1);
        return 'closed';
      }
      if (this.#at >= text.length || code === NEWLINE || (code === RETURN && text.charCodeAt(this.#at + 1) === NEWLINE)) {
        // A string inside of `${` that runs to the end of its line is most often the closing quote of the outer one.
        if (inside) {
          this.#reportUnclosed(inside);
          this.#reporter.lose(text.slice(start, this.#at));
        } else {
          this.#unclosedString(start);
        }
        return 'broken';
      }
      if (this.#sequence() === 'broken') return 'broken';
    }
  }

  #unclosedString(start: number): void {
    const text = this.#text;
    const label = this.#unclosedLabel(start);
    if (label !== undefined) {
      const span = { start, end: start + 1 + label.length };
      this.#reporter.error(span, 'this name is never closed', { hint: `write "${label}"` });
      return;
    }
    const end = Math.max(start + 1, endOfLine(text, start));
    const alone = text.slice(start + 1, end).trim() === '';
    this.#reporter.error({ start, end }, 'this string is never closed', {
      detail: 'a string ends on the line it starts on',
      hint: alone ? 'put a " before the value as well, or take this one away' : 'close it with "; for several lines use <<EOF … EOF',
    });
    this.#reporter.lose(text.slice(start, this.#at));
  }

  /** `container "web {`: the name in the header of a block, where only its second quote is missing. */
  #unclosedLabel(start: number): string | undefined {
    const before = this.tokens.findLast(({ end }) => end <= start);
    if (before?.type !== 'ident' && before?.type !== 'quote-end') return undefined;
    return /^([\w.-]+)[ \t]*\{[ \t]*$/.exec(this.#text.slice(start + 1, endOfLine(this.#text, start)))?.[1];
  }

  /** `${ … }`, `%{ … }`, or text up to one of them. */
  #sequence(heredoc = false): Ending {
    const text = this.#text;
    const start = this.#at;
    const marker = text.startsWith('${', start) ? '${' : text.startsWith('%{', start) ? '%{' : undefined;
    if (marker) {
      const strip = text[start + 2] === '~';
      this.#push(marker, start + (strip ? 3 : 2), undefined, strip);
      return this.#enter(() => this.#code({ start, end: start + 2 }));
    }
    const { end, value, problems } = readTemplateText(text, start, heredoc);
    for (const problem of problems) this.#reporter.error(problem.span, problem.summary, problem.why);
    this.#push('text', end, value);
    return 'closed';
  }

  #heredoc(start: number): Ending {
    const text = this.#text;
    const mark = this.tokens.length;
    const anchor = /^<<-?[\p{L}\p{Nd}_-]+/u.exec(text.slice(start, endOfLine(text, start)))![0];
    const opener = { start, end: start + anchor.length };
    this.#push('heredoc', opener.end);
    if (endOfLine(text, opener.end) !== opener.end) {
      this.#reporter.error(opener, 'nothing may follow the marker of a heredoc on its line');
      this.#at = endOfLine(text, opener.end);
    }
    const marker = anchor.replace(/^<<-?/, '');
    const outer = this.#marker;
    this.#marker = marker;
    const ending = this.#enter(() => this.#heredocLines(marker, opener));
    this.#marker = outer;
    if (ending === 'broken') {
      this.tokens.length = mark + 1;
      const markerEnd = ++this.#retries > MAX_RETRIES ? text.length : endOfMarkerLine(text, opener.end, marker);
      if (markerEnd === undefined) this.#reporter.loseStructure();
      this.#at = markerEnd ?? resumeAfter(text, opener.end);
      this.#push('heredoc-end', this.#at, '');
    }
    return ending;
  }

  /** `<<"EOF"`, `<< EOF`: its text is skipped, if it has an end. */
  #badHeredoc(start: number): void {
    const text = this.#text;
    const lineEnd = endOfLine(text, start);
    this.#reporter.error({ start, end: lineEnd }, 'this is no heredoc marker', {
      hint: 'write the marker right after <<, without quotes: <<EOF',
    });
    this.#push('heredoc', lineEnd);
    const marker = /^<<-?[ \t]*["']?([\w-]+)["']?[ \t]*$/.exec(text.slice(start, lineEnd))?.[1];
    const end = marker === undefined || ++this.#retries > MAX_RETRIES ? undefined : endOfMarkerLine(text, lineEnd, marker);
    this.#at = end ?? lineEnd;
    this.#push('heredoc-end', this.#at, '');
  }

  #heredocLines(marker: string, opener: Span): Ending {
    const text = this.#text;
    this.#at = text.indexOf('\n', this.#at) + 1 || text.length;
    let lineStart = true;
    while (this.#at < text.length) {
      if (lineStart) {
        const newline = text.indexOf('\n', this.#at);
        const line = newline === -1 ? '' : text.slice(this.#at, newline);
        if (line.trim() === marker) {
          const at = this.#at + line.length - line.trimStart().length;
          this.#at = at;
          this.#push('heredoc-end', at + marker.length);
          return 'closed';
        }
      }
      if (this.#sequence(true) === 'broken') return 'broken';
      lineStart = text.charCodeAt(this.#at - 1) === NEWLINE && this.tokens.at(-1)!.type === 'text';
    }
    const last = text.slice(text.lastIndexOf('\n') + 1).trim() === marker;
    const hint = last ? `put a line break after the last ${marker}` : `put ${marker} alone on a line of its own`;
    this.#reporter.error(opener, 'this heredoc is never closed', { hint });
    return 'broken';
  }

  /** Guards the recursion of templates in templates. */
  #enter(read: () => Ending): Ending {
    if (this.#depth >= 2 * MAX_NESTING) {
      this.#reporter.error({ start: this.#at, end: this.#at }, `templates are nested more than ${MAX_NESTING} deep`);
      this.#retries = MAX_RETRIES;
      return 'broken';
    }
    this.#depth++;
    const ending = read();
    this.#depth--;
    return ending;
  }

  #push(type: TokenType, end: number, value = this.#text.slice(this.#at, end), strip = false): void {
    this.tokens.push({ type, start: this.#at, end, value, strip });
    this.#at = end;
  }
}

function isMarkerLine(text: string, lineStart: number, marker: string): boolean {
  return text.slice(lineStart, endOfLine(text, lineStart)).trim() === marker;
}

/** The end of the first line behind `offset` that holds nothing but the marker. */
function endOfMarkerLine(text: string, offset: number, marker: string): number | undefined {
  for (let at = text.indexOf('\n', offset) + 1; at > 0; at = text.indexOf('\n', at) + 1)
    if (isMarkerLine(text, at, marker)) return endOfLine(text, at);
  return undefined;
}

function isIdentStart(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return isAsciiLetter(code) || code === 95 || (code >= 128 && /^\p{ID_Start}/u.test(characterAt(text, offset)));
}

/** HCL 2: Unicode's ID_Continue, and the dash. */
function isIdentPart(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  if (isAsciiLetter(code) || isDecimal(code) || code === 95 || code === 45) return true;
  return code >= 128 && /^\p{ID_Continue}/u.test(characterAt(text, offset));
}
