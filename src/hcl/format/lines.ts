import { type FormatToken, netBrackets } from './token.ts';

/** A line in three cells, of which the last two may be aligned with those of the lines around: `name`, `= value`, `# comment`. */
export interface FormatLine {
  readonly lead: readonly FormatToken[];
  readonly assign: readonly FormatToken[];
  readonly comment: FormatToken | undefined;
  /** The line break; none after the last line. */
  readonly end: FormatToken | undefined;
}

export function linesOf(tokens: readonly FormatToken[]): FormatLine[] {
  const lines: FormatLine[] = [];
  let start = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'newline') continue;
    lines.push(lineOf(tokens.slice(start, i), token));
    start = i + 1;
  }
  if (start < tokens.length) lines.push(lineOf(tokens.slice(start), undefined));
  return lines;
}

function lineOf(tokens: readonly FormatToken[], end: FormatToken | undefined): FormatLine {
  const last = tokens.at(-1);
  const comment = tokens.length > 1 && last?.kind === 'comment' ? last : undefined;
  const code = comment ? tokens.slice(0, -1) : tokens;
  const equals = code.findIndex((token, i) => i > 0 && token.kind === '=');
  // A value that goes on below is not aligned with its neighbours.
  const isWhole = equals !== -1 && netBrackets(code.slice(equals)) === 0;
  return isWhole ? { lead: code.slice(0, equals), assign: code.slice(equals), comment, end } : { lead: code, assign: [], comment, end };
}
