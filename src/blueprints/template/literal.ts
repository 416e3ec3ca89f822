import type { Token } from './lexer.ts';
import { TemplateError } from './template-error.ts';
import type { Value } from './value.ts';

/** The value of a constant, in Go's notation. */
export function literalOf({ kind, text, range }: Token): Value {
  if (kind === 'raw') return text.slice(1, -1).replaceAll('\r', '');
  if (kind === 'number') {
    const sign = text.startsWith('-') ? -1 : 1;
    return sign * Number(text.replace(/^[+-]/, '').replaceAll('_', ''));
  }
  if (kind === 'word') return text === 'nil' ? null : text === 'true';
  const inner = text.slice(1, -1).replace(/\\(x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[0-7]{3}|.)/gs, (whole, code: string) => {
    const known = ESCAPES[code];
    if (known !== undefined) return known;
    if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
    throw new TemplateError(range, `${whole} is no escape sequence`, { detail: 'expected one of: \\n \\t \\r \\" \\\\ \\u00e9' });
  });
  if (kind === 'string') return inner;
  // A character is a number in Go.
  if (Array.from(inner).length !== 1) throw new TemplateError(range, 'more than one character in single quotes', { hint: `"${inner}"` });
  return inner.codePointAt(0)!;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
