import { BACKSLASH, characterAt, isHex, NEWLINE, QUOTE, RETURN } from '../chars.ts';
import type { Explanation, Span } from '../report.ts';

export interface TemplateText {
  readonly end: number;
  readonly value: string;
  readonly problems: readonly { readonly span: Span; readonly summary: string; readonly why: Explanation }[];
}

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** What stands for itself, in quotes and in a heredoc. */
const PLAIN = /[^"\\$%\r\n]+/y;
const PLAIN_LINE = /[^$%\r\n]+/y;

/**
 * Reads the literal text of a template up to the next `${`, `%{`, the closing quote or the end of the line; in a heredoc
 * the line break belongs to it, and backslashes mean nothing. `$${` and `%%{` stand for `${` and `%{`.
 */
export function readTemplateText(text: string, start: number, heredoc: boolean): TemplateText {
  const problems: TemplateText['problems'][number][] = [];
  let value = '';
  let at = start;
  let runAt = start;
  const flush = (next: number, replacement: string): void => {
    value += text.slice(runAt, at) + replacement;
    at = next;
    runAt = next;
  };
  const plain = heredoc ? PLAIN_LINE : PLAIN;
  while (at < text.length) {
    plain.lastIndex = at;
    if (plain.test(text)) at = plain.lastIndex;
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) break;
    if (code === NEWLINE || (!heredoc && (code === QUOTE || (code === RETURN && text.charCodeAt(at + 1) === NEWLINE)))) {
      if (heredoc) at++;
      break;
    }
    const escaped = code === 36 || code === 37;
    if (escaped && text[at + 1] === '{') break;
    if (escaped && text[at + 1] === text[at] && text[at + 2] === '{') flush(at + 3, `${text[at]}{`);
    else if (code === BACKSLASH && !heredoc) {
      const found = readEscape(text, at);
      if (found.value === undefined) {
        problems.push({
          span: { start: at, end: found.end },
          summary: `unknown escape ${text.slice(at, found.end)} in a string`,
          why: { detail: 'known here: \\n \\t \\r \\" \\\\ \\uHHHH \\UHHHHHHHH', hint: 'write \\\\ for a backslash' },
        });
      }
      flush(found.end, found.value ?? '');
    } else {
      if (code === RETURN && text.charCodeAt(at + 1) !== NEWLINE) {
        const why = { hint: 'write \\r in a string, or end the line with LF or CRLF' };
        problems.push({ span: { start: at, end: at + 1 }, summary: 'a carriage return (U+000D) stands here alone', why });
      }
      at++;
    }
  }
  value += text.slice(runAt, at);
  return { end: at, value, problems };
}

function readEscape(text: string, at: number): { end: number; value: string | undefined } {
  const letter = characterAt(text, at + 1);
  if (Object.hasOwn(SIMPLE, letter)) return { end: at + 2, value: SIMPLE[letter] };
  if (letter === 'u' || letter === 'U') {
    const wanted = letter === 'u' ? 4 : 8;
    let end = at + 2;
    while (end < at + 2 + wanted && isHex(text.charCodeAt(end))) end++;
    const code = Number.parseInt(text.slice(at + 2, end), 16);
    if (end < at + 2 + wanted) return { end, value: undefined };
    const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return { end, value: valid ? String.fromCodePoint(code) : undefined };
  }
  const lineBreak = letter === '' || letter === '\n' || letter === '\r';
  return { end: at + 1 + (lineBreak ? 0 : letter.length), value: undefined };
}
