/** Escapes of one letter in every literal of Go; a literal's own quotes come in addition. */
export const GO_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const ESCAPE = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|([0-7]{3})|([\s\S]?))/g;

/**
 * What stands between the quotes of a literal, with strconv.Unquote's escapes decoded; `quotes` may be escaped too. What is no
 * escape, or no character, is given to `invalid`, whose answer takes its place.
 */
export function unescapeGo(inside: string, quotes: string, invalid: (sequence: string) => string): string {
  return inside.replace(ESCAPE, (sequence, hex?: string, short?: string, long?: string, octal?: string, letter?: string) => {
    if (letter !== undefined) {
      if (letter !== '' && quotes.includes(letter)) return letter;
      return Object.hasOwn(GO_ESCAPES, letter) ? GO_ESCAPES[letter]! : invalid(sequence);
    }
    const [digits, radix, most] = octal === undefined ? [(hex ?? short ?? long)!, 16, 0x10ffff] : [octal, 8, 0xff];
    const code = Number.parseInt(digits, radix);
    return code <= most ? String.fromCodePoint(code) : invalid(sequence);
  });
}
