import { type Range, rangeOf } from '../../base/source.ts';
import { Brackets } from '../brackets.ts';
import { type Explanation, MAX_NESTING, type Reporter, type Span } from '../report.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** A place in the tokens. Line breaks end an attribute, but mean nothing inside of parentheses, lists and templates. */
export class Cursor {
  readonly reporter: Reporter;
  /** Every `{` and `[` that is open, of blocks and of values. */
  readonly brackets: Brackets;
  readonly #tokens: readonly Token[];
  #index = 0;
  #ignoreNewlines = false;
  #depth = 0;
  #toldUnclosed = false;

  constructor(tokens: readonly Token[], reporter: Reporter) {
    this.#tokens = tokens;
    this.reporter = reporter;
    this.brackets = new Brackets(reporter.source.text);
  }

  get index(): number {
    return this.#index;
  }

  peek(): Token {
    if (this.#ignoreNewlines) while (this.#tokens[this.#index]!.type === 'newline') this.#index++;
    return this.#tokens[this.#index]!;
  }

  /** The token after the next one. */
  peekSecond(): Token {
    let index = this.#index + (this.peek().type === 'eof' ? 0 : 1);
    if (this.#ignoreNewlines) while (this.#tokens[index]!.type === 'newline') index++;
    return this.#tokens[index]!;
  }

  peekPastNewlines(): Token {
    let index = this.#index;
    while (this.#tokens[index]!.type === 'newline') index++;
    return this.#tokens[index]!;
  }

  next(): Token {
    const token = this.peek();
    if (this.#index < this.#tokens.length - 1) this.#index++;
    return token;
  }

  /** The last token that was taken and is no line break. */
  get previous(): Token {
    let index = Math.max(0, this.#index - 1);
    while (index > 0 && this.#tokens[index]!.type === 'newline') index--;
    return this.#tokens[index]!;
  }

  accept(type: TokenType): Token | undefined {
    return this.peek().type === type ? this.next() : undefined;
  }

  acceptWord(word: string): Token | undefined {
    const token = this.peek();
    return token.type === 'ident' && token.value === word ? this.next() : undefined;
  }

  skipNewlines(): void {
    while (this.#tokens[this.#index]!.type === 'newline') this.#index++;
  }

  /** Reads something in which line breaks are ignored, or count. */
  within<T>(ignoreNewlines: boolean, read: () => T): T {
    const before = this.#ignoreNewlines;
    this.#ignoreNewlines = ignoreNewlines;
    const result = read();
    this.#ignoreNewlines = before;
    return result;
  }

  /** Reads one level deeper, or refuses. */
  deeper<T>(read: () => T | undefined): T | undefined {
    if (this.#depth >= MAX_NESTING) return this.fail(this.peek(), `this is nested more than ${MAX_NESTING} deep`);
    this.#depth++;
    const result = read();
    this.#depth--;
    return result;
  }

  /** Reports, and stands for what could not be read. */
  fail(span: Span, summary: string, why?: Explanation): undefined {
    this.reporter.error(span, summary, why);
    return undefined;
  }

  /**
   * Reports that `opener` has no end. At the end of the file the bracket that was most likely forgotten takes the blame,
   * and once is enough.
   */
  failUnclosed(opener: Token): undefined {
    const found = this.peek();
    const atEnd = found.type === 'eof';
    if (atEnd && (this.#toldUnclosed || this.reporter.closersLost)) return;
    this.#toldUnclosed ||= atEnd;
    if (atEnd) this.reporter.loseStructure();
    const blamed = atEnd && opener.type !== '(' ? (this.brackets.unclosed ?? opener) : opener;
    const bracket = this.reporter.source.text[blamed.start]!;
    const closer = bracket === '{' ? '}' : bracket === '[' ? ']' : ')';
    this.reporter.error({ start: blamed.start, end: blamed.start + 1 }, `this ${bracket} is never closed`, {
      hint: `close it with ${closer}${atEnd && bracket === '{' ? this.brackets.placeFor(blamed) : ''}`,
      related: atEnd ? undefined : { span: found, message: `found ${describeToken(found)} where ${closer} was expected` },
    });
  }

  /** From a start to the end of what was read last. */
  rangeFrom(start: number): Range {
    return rangeOf(this.reporter.source, start, Math.max(start, this.previous.end));
  }

  rangeOf(span: Span): Range {
    return rangeOf(this.reporter.source, span.start, span.end);
  }

  /**
   * After an error in the item that started at token `from`: goes to the line break that ends it, over brackets that were
   * opened in it. Where only `[` or `(` are open, a line that looks like an attribute or a block ends it too.
   */
  recover(from: number): void {
    const open: TokenType[] = [];
    /** How many of the open brackets are neither `[` nor `(`. */
    let others = 0;
    let at = from;
    for (; this.#tokens[at]!.type !== 'eof'; at++) {
      const { type } = this.#tokens[at]!;
      if (open.length === 0 && (type === 'newline' || type === '}') && at >= this.#index) break;
      // No brace was opened in it: this one closes what is around it.
      if (type === '}' && others === 0 && at >= this.#index) break;
      if (type === 'newline' && open.length > 0 && others === 0 && this.#startsItem(at + 1)) break;
      if (OPENERS.has(type)) {
        open.push(type);
        if (type !== '[' && type !== '(') others++;
      } else if (CLOSES[type]?.includes(open.at(-1)!)) {
        const closed = open.pop();
        if (closed !== '[' && closed !== '(') others--;
      }
    }
    this.#index = at;
  }

  #startsItem(index: number): boolean {
    const [word, after] = [this.#tokens[index], this.#tokens[index + 1]];
    return word?.type === 'ident' && after !== undefined && ['=', '{', 'quote'].includes(after.type);
  }
}

const OPENERS: ReadonlySet<TokenType> = new Set<TokenType>(['{', '[', '(', '${', '%{', 'quote', 'heredoc']);

const CLOSES: Partial<Record<TokenType, readonly TokenType[]>> = {
  '}': ['{'],
  ']': ['['],
  ')': ['('],
  'template-end': ['${', '%{'],
  'quote-end': ['quote'],
  'heredoc-end': ['heredoc'],
};
