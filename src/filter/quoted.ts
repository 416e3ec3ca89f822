import { unescapeGo } from '../base/go-string.ts';

/** strconv.Unquote of a literal with its quotes: `` `raw` `` as it is, `"quoted"` with Go's escapes. Undefined: not a literal of Go. */
export function unquote(literal: string): string | undefined {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside.replaceAll('\r', '');
  if (inside.includes('\n')) return undefined;
  let valid = true;
  const text = unescapeGo(inside, '', () => {
    valid = false;
    return '';
  });
  return valid ? text : undefined;
}
