import type { Explanation, Span } from '../report.ts';

/** Tokens of Consul's HCL (HCL 1). `comment` stands only for a lone `/`, which HCL 1 skips after complaining about it. */
export type TokenType =
  | 'ident'
  | 'bool'
  | 'number'
  | 'float'
  | 'string'
  | 'heredoc'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '.'
  | '='
  | '+'
  | '-'
  | 'comment'
  | 'illegal'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** Content of a string or heredoc after unquoting; the text itself for everything else. */
  readonly value: string;
  /** True when no other token stands before it on its line. */
  readonly first: boolean;
}

/** What HashiCorp's scanner says, and where: the last one that it saw before it stopped is what Consul prints. */
export interface ScanError {
  readonly message: string;
  readonly offset: number;
  /** Index of the token that was being read. */
  readonly token: number;
  /** HashiCorp's scanner reached the end of the file here, though this one goes on. */
  readonly final: boolean;
}

/** A piece of text that a reader took: where it ends, what it means, and what is wrong with it. */
export interface Taken {
  readonly end: number;
  readonly value: string;
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly span: Span;
  readonly summary: string;
  readonly why?: Explanation;
  /** HashiCorp's words for it, and the offset it points at. */
  readonly scan: { readonly message: string; readonly offset: number; readonly final?: boolean };
}
