const LONG = ['...', '=>', '==', '!=', '<=', '>=', '&&', '||', '::'] as const;
const SHORT = ['{', '}', '[', ']', '(', ')', '=', '<', '>', '+', '-', '*', '/', '%', '!', '?', ':', ',', '.'] as const;

export type Punctuation = (typeof LONG)[number] | (typeof SHORT)[number];

/**
 * Tokens of HCL 2. A template is flat: `quote`, then `text` and `${` … `template-end` or `%{` … `template-end` with the
 * tokens of the expression between them, then `quote-end`; a heredoc is the same between `heredoc` and `heredoc-end`.
 */
export type TokenType =
  | Punctuation
  | 'newline'
  | 'ident'
  | 'number'
  | 'quote'
  | 'quote-end'
  | 'heredoc'
  | 'heredoc-end'
  | 'text'
  | '${'
  | '%{'
  | 'template-end'
  | 'illegal'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** What a `text` stands for after its escapes; the characters themselves for everything else. */
  readonly value: string;
  /** A `~` beside `${`, `%{` or their `}`: white space on that side of the template goes away. */
  readonly strip: boolean;
}

const PUNCTUATION: ReadonlySet<string> = new Set([...LONG, ...SHORT]);

/** The longest punctuation that starts at `offset`. */
export function punctuationAt(text: string, offset: number): Punctuation | undefined {
  for (let length = 3; length > 0; length--) {
    const candidate = text.slice(offset, offset + length);
    if (PUNCTUATION.has(candidate)) return candidate as Punctuation;
  }
  return undefined;
}

/** What a token is called in a message. */
export function describeToken(token: Token): string {
  if (token.type === 'ident') return token.value;
  if (token.type === 'number') return `the number ${token.value}`;
  return NAMES[token.type] ?? `'${token.value}'`;
}

const NAMES: Partial<Record<TokenType, string>> = {
  eof: 'the end of the file',
  newline: 'the end of the line',
  quote: 'a string',
  heredoc: 'a heredoc',
  'template-end': "'}'",
};
