import { lexHcl1 } from '../hcl1/lexer.ts';
import { lexHcl2 } from '../hcl2/lexer.ts';
import type { Token as Token2 } from '../hcl2/token.ts';
import { Reporter } from '../report.ts';
import type { FormatToken } from './token.ts';

/** A stretch of the text that is one token. */
interface Piece {
  readonly kind: FormatToken['kind'];
  readonly start: number;
  readonly end: number;
}

/** All of an HCL 2 text but its blanks. `strings`: whether what is computed in quoted strings is taken apart. Heredocs never are. */
export function tokensOfHcl2(text: string, strings: 'parts' | 'whole'): FormatToken[] {
  const tokens = lexHcl2(new Reporter({ name: '', text }));
  const pieces: Piece[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.type === 'eof') break;
    if (token.type !== 'quote' && token.type !== 'heredoc') {
      pieces.push({ kind: token.type, start: token.start, end: token.end });
      continue;
    }
    const last = endOfTemplate(tokens, i);
    const end = tokens[last]!.end;
    if (
      strings === 'parts' &&
      token.type === 'quote' &&
      !text.slice(token.start, end).includes('\n') &&
      !hasComments(text, tokens, i, last)
    )
      for (const part of tokens.slice(i, last + 1)) pieces.push({ kind: part.type, start: part.start, end: part.end });
    else pieces.push({ kind: 'raw', start: token.start, end });
    i = last;
  }
  return withComments(text, pieces);
}

/** All of a text of Consul's HCL but its blanks; strings are whole. */
export function tokensOfHcl1(text: string): FormatToken[] {
  const { tokens } = lexHcl1(new Reporter({ name: '', text }));
  const pieces = tokens.flatMap(({ type, start, end }): Piece[] => {
    if (type === 'eof') return [];
    // The line break behind its last marker belongs to a heredoc there.
    if (type === 'heredoc') return [{ kind: 'raw', start, end: start + text.slice(start, end).replace(/\r?\n$/, '').length }];
    if (type === 'string') return [{ kind: 'raw', start, end }];
    const kind = type === 'bool' || type === 'comment' ? 'ident' : type === 'float' ? 'number' : type;
    return [{ kind, start, end }];
  });
  return withComments(text, pieces);
}

/** Index of the token that closes the quote or heredoc at `from`. */
function endOfTemplate(tokens: readonly Token2[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const { type } = tokens[i]!;
    if (type === 'quote' || type === 'heredoc') depth++;
    else if ((type === 'quote-end' || type === 'heredoc-end') && --depth === 0) return i;
  }
  return tokens.length - 1;
}

function hasComments(text: string, tokens: readonly Token2[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text.slice(tokens[i]!.end, tokens[i + 1]!.start).trim() !== '') return true;
  return false;
}

/** Between the tokens stand comments, and in HCL 1 line breaks. */
function withComments(text: string, pieces: readonly Piece[]): FormatToken[] {
  const found: FormatToken[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const { kind, start, end } of [...pieces, { kind: 'eof' as const, start: text.length, end: text.length }]) {
    for (const [piece] of text.slice(at, start).matchAll(/\r?\n|(?:#|\/\/)(?:[^\r\n]|\r(?!\n))*|\/\*[\s\S]*?\*\//g)) {
      const between = piece.endsWith('\n') ? 'newline' : piece.startsWith('/*') ? 'inline' : 'comment';
      found.push({ kind: between, text: between === 'comment' ? piece.trimEnd() : piece, spaces: 0 });
    }
    if (kind !== 'eof') found.push({ kind, text: text.slice(start, end), spaces: 0 });
    at = end;
  }
  return found;
}
