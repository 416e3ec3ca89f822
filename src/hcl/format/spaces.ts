import type { FormatLine } from './lines.ts';
import { bracketChange, type FormatToken } from './token.ts';

/** One blank between tokens, or none: within each line. */
export function setSpaces(lines: readonly FormatLine[]): void {
  for (const { lead, assign, comment } of lines) {
    between(lead);
    between(assign);
    if (assign[0]) assign[0].spaces = 1;
    if (comment) comment.spaces = 1;
  }
}

function between(tokens: readonly FormatToken[]): void {
  for (let i = 0; i + 1 < tokens.length; i++) tokens[i + 1]!.spaces = isSpaced(tokens[i]!, tokens[i - 1], tokens[i + 1]!) ? 1 : 0;
}

/** After these a value begins, so that a minus is its sign. */
const BEFORE_VALUE = new Set('( { [ ${ %{ = : , ? + - * / % == != < > <= >= && || ! =>'.split(' '));
const TEMPLATE = new Set(['text', 'quote']);

/** Whether a blank stands between `token` and `after`: the rules of HashiCorp's hclwrite, in its order. */
function isSpaced(token: FormatToken, before: FormatToken | undefined, after: FormatToken): boolean {
  const change = bracketChange(token);
  // `for x in [a] : x`, `if (a)`: the words of a `for` are no functions, and no lists.
  if (token.kind === 'ident' && (token.text === 'in' || token.text === 'if') && before && !BEFORE_VALUE.has(before.kind)) return true;
  if (token.kind === 'ident' && after.kind === '(') return false;
  if (token.kind === '::' || after.kind === '::') return false;
  if (token.kind === '.' || after.kind === '.') return false;
  if (after.kind === ',' || after.kind === '...') return false;
  if (token.kind === ',') return true;
  if (TEMPLATE.has(token.kind) || after.kind === 'text' || after.kind === 'quote-end') return false;
  if (after.kind === '[' && (token.kind === 'ident' || token.kind === 'number' || change < 0)) return false;
  if (token.kind === '!') return false;
  if (token.kind === '-') return before !== undefined && !BEFORE_VALUE.has(before.kind);
  if (token.kind === '{' || after.kind === '}') return !(token.kind === '{' && after.kind === '}');
  if ((token.kind === '${' || token.kind === '%{') && after.kind === '{') return true;
  if (token.kind === '}' && after.kind === 'template-end') return true;
  if (token.kind === 'template-end' && (after.kind === '${' || after.kind === '%{')) return false;
  return change <= 0 && bracketChange(after) >= 0;
}
