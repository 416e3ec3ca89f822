import { unescapeGo } from '../../base/go-string.ts';
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
  const inner = unescapeGo(text.slice(1, -1), `"'`, (sequence) => {
    throw new TemplateError(range, `${sequence} is no escape sequence`, { detail: 'expected one of: \\n \\t \\r \\" \\\\ \\u00e9' });
  });
  if (kind === 'string') return inner;
  // A character is a number in Go.
  if (Array.from(inner).length !== 1) throw new TemplateError(range, 'more than one character in single quotes', { hint: `"${inner}"` });
  return inner.codePointAt(0)!;
}
