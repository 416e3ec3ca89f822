import { type Range, rangeOf } from '../../base/source.ts';
import { type Explanation, MAX_NESTING, type Reporter, type Span } from '../report.ts';
import type { Token, TokenType } from './token.ts';

/** A place in the tokens. Line breaks end an attribute, but mean nothing inside of parentheses, lists and templates. */
export class Cursor {
  readonly reporter: Reporter;
  readonly #tokens: readonly Token[];
  #index = 0;
  #ignoreNewlines = false;
  #depth = 0;

  constructor(tokens: readonly Token[], reporter: Reporter) {
    this.#tokens = tokens;
    this.reporter = reporter;
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
    for (let i = from; i < this.#index; i++) trackBrackets(open, this.#tokens[i]!.type);
    for (; this.#tokens[this.#index]!.type !== 'eof'; this.#index++) {
      const type = this.#tokens[this.#index]!.type;
      if (open.length === 0 && (type === 'newline' || type === '}')) return;
      if (type === 'newline' && !open.includes('{') && !open.includes('quote') && !open.includes('heredoc') && this.#startsItem()) return;
      trackBrackets(open, type);
    }
  }

  #startsItem(): boolean {
    const [word, after] = [this.#tokens[this.#index + 1], this.#tokens[this.#index + 2]];
    return word?.type === 'ident' && after !== undefined && ['=', '{', 'quote'].includes(after.type);
  }
}

const CLOSES: Partial<Record<TokenType, readonly TokenType[]>> = {
  '}': ['{'],
  ']': ['['],
  ')': ['('],
  'template-end': ['${', '%{'],
  'quote-end': ['quote'],
  'heredoc-end': ['heredoc'],
};

function trackBrackets(open: TokenType[], type: TokenType): void {
  if (['{', '[', '(', '${', '%{', 'quote', 'heredoc'].includes(type)) open.push(type);
  else if (CLOSES[type]?.includes(open.at(-1)!)) open.pop();
}
