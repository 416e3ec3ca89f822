/** Character classes of both dialects, by UTF-16 code unit; anything above ASCII goes through Unicode properties. */

export const NEWLINE = 10;
export const RETURN = 13;
export const QUOTE = 34;
export const BACKSLASH = 92;
export const BYTE_ORDER_MARK = 0xfeff;

export const isDecimal = (code: number): boolean => code >= 48 && code <= 57;

export const isHex = (code: number): boolean => isDecimal(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

export const isOctal = (code: number): boolean => code >= 48 && code <= 55;

export const isAsciiLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);

/** The end of the line of `offset`, without its line break (LF or CRLF). */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > offset && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
}

/** The whole character at `offset`: one code point, which may be two code units. */
export function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** How a character is shown in a message: `'x'`, or its code point when it can't be seen. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "'") return `"'"`;
  if (code > 32 && code !== 127 && !/^[\p{C}\p{Z}]/u.test(character)) return `'${character}'`;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
