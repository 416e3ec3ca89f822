const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\])|[\s\S]?)/g;

/** strconv.Unquote of a literal with its quotes: `` `raw` `` as it is, `"quoted"` with Go's escapes. Undefined: not a literal of Go. */
export function unquote(literal: string): string | undefined {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside.replaceAll('\r', '');
  if (inside.includes('\n')) return undefined;
  let valid = true;
  const text = inside.replace(ESCAPE, (_, hex?: string, short?: string, long?: string, octal?: string, simple?: string) => {
    if (simple !== undefined) return SIMPLE[simple]!;
    const digits = hex ?? short ?? long;
    const code = digits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(digits, 16);
    if (!(code <= (octal === undefined ? 0x10ffff : 0xff))) valid = false;
    return valid ? String.fromCodePoint(code) : '';
  });
  return valid ? text : undefined;
}
