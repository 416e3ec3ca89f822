import type { TokenType } from '../hcl2/token.ts';

/**
 * A piece of text that stays as it is, and the blanks before it, which formatting decides. `raw`: a string or a heredoc as a
 * whole. `comment`: one that ends with its line; `inline`: one between marks.
 */
export interface FormatToken {
  readonly kind: TokenType | 'raw' | 'comment' | 'inline';
  readonly text: string;
  spaces: number;
}

const OPENERS: ReadonlySet<string> = new Set(['{', '[', '(', '${', '%{']);
const CLOSERS: ReadonlySet<string> = new Set(['}', ']', ')', 'template-end']);

/** How many brackets are open after it that were not before. */
export function bracketChange({ kind }: FormatToken): number {
  return OPENERS.has(kind) ? 1 : CLOSERS.has(kind) ? -1 : 0;
}

export function netBrackets(tokens: readonly FormatToken[]): number {
  return tokens.reduce((sum, token) => sum + bracketChange(token), 0);
}

/** Characters of a line, blanks included. */
export function columnsOf(tokens: readonly FormatToken[]): number {
  return tokens.reduce((sum, { text, spaces }) => sum + spaces + Array.from(text).length, 0);
}
